"""Parts of the Logic pages: cards and editor of rules, what explains and plans them.

Holds what only this area shows; refuses the other areas' parts: what areas share is in `pages/_ui`.
"""
