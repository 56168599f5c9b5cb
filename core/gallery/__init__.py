"""Images of assets with their labels drawn on them.

Holds outlines and the hub's own images; refuses to fetch from elsewhere.
"""
