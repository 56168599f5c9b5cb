"""The task table: what an export says of each task, in columns.

Holds columns, bitmaps and what they mean for rules; refuses an object per task.
"""
