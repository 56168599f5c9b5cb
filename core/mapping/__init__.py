"""Which class of a project each class of a model means."""
