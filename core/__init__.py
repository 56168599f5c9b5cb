"""Switchyard's library: projects, task tables and Logic stages, without a user interface."""
