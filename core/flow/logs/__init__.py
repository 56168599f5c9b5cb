"""Event logs, a workflow with its people learnt from one, and how its forecast met what came.

Holds cases, activities and times by number; refuses clocks, files it opens by itself, stage types.
"""
