"""Parts of the pages that show the work to others: the story's screen and its settings.

Holds what only this area shows; refuses the other areas' parts: what areas share is in `pages/_ui`.
"""
