"""Parts of the Workflow pages: the workflow with the rules in hand, its stages and its rates.

Holds what only this area shows; refuses the other areas' parts: what areas share is in `pages/_ui`.
"""
