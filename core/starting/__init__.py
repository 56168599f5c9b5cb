"""Getting a run ready: a draft of its start, what forbids it, and scripts to answer it."""
