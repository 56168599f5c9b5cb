"""Scripts that run as processes of their own.

Holds batch model plugins over the vendor's SDK; refuses to be imported.
"""
