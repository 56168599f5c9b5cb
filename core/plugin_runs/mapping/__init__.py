"""Which class of a project each class of a model means.

Holds words, kinds of things and suggestions with a reason; refuses to apply a guess in silence.
"""
