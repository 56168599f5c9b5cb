"""Two versions of a Logic stage on the same tasks, rule by rule and task by task.

Holds what differs and the golden tasks; refuses what a hub would do with either.
"""
