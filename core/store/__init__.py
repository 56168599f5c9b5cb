"""What outlives a browser tab: workspaces and drafts, in SQLite (WAL)."""
