"""Parts of the plugin pages: config, mapping, start, runs and their log.

Holds what only this area shows; refuses the other areas' parts: what areas share is in `pages/_ui`.
"""
