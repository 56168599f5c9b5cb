"""A scenario as one HTML file: self-contained, the same bytes each time.

Holds the page and its static drawings; refuses scripts, the network and clocks.
"""
