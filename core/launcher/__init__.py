"""Hub, plugins and dashboard together on one machine, and the demo among them.

Holds processes that are kept running; refuses to know what they do.
"""
