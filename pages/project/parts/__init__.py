"""Parts of the project pages.

Holds what only this area shows; refuses the other areas' parts: what areas share is in `pages/_ui`.
"""
