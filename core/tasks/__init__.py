"""The task table: what an export says of each task, in columns, without an object per task."""
