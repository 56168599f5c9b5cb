"""Runs on the hub: handed to plugins, heard, limited by their keys, and ended.

Holds what happens between a start and an end; refuses to invent a state (`plugin_runs.state`).
"""
