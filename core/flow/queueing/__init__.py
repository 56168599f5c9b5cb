"""A whole workflow with its people, simulated task by task.

Holds queues, working hours and the luck of each replication; refuses clocks, global randomness and
an object per task.
"""
