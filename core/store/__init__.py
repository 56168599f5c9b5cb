"""What outlives a browser tab, in SQLite (WAL), one transaction per change.

Holds tables, migrations and what is asked of them; refuses to know what a draft means.
"""
