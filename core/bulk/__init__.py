"""Requeue, priority and assignment of many tasks at once: seen before they happen.

Holds what an operation would do to each task, and the careful way to do it; refuses old previews.
"""
