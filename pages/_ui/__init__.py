"""What the areas of pages share: navigation, session state, services, caches, charts with tables.

Holds how something is shown; refuses to compute it, and parts that one area alone shows.
"""
