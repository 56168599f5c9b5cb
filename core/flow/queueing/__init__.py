"""A whole workflow with its people, simulated task by task.

Holds queues, working hours and luck by number; refuses clocks, streams of chance, objects per task.
"""
