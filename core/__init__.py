"""Switchyard's library: projects, task tables and Logic stages, without a user interface."""

VERSION = "0.1.0"
"""Stands in reports; that of `pyproject.toml`."""
