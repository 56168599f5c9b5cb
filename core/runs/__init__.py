"""Runs of batch model plugins as values: what is asked, what became of it, what to check."""
