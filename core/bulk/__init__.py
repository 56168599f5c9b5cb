"""Requeue, priority and assignment of many tasks at once: seen before they happen.

Holds what such an operation would do to which task, and the careful way to carry it out; refuses
to write when what it looked at is no longer so.
"""
