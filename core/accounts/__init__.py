"""Accounts of a data folder, and signing in with them.

Holds passwords as hashes, and lockout; refuses to judge what a role may do.
"""
