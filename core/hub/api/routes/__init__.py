"""The handlers of `/v2`, by subject: plain functions from `Call` to JSON.

Holds what each endpoint does; refuses to know who called, or under which path.
"""
