"""A scenario as one HTML file: self-contained, without scripts, the same bytes each time."""
