"""Switchyard's library: projects, task tables and Logic stages, without a user interface.

Holds all that pages and command line ask; refuses to know Streamlit.
"""

VERSION = "0.1.0"
"""Stands in reports; that of `pyproject.toml`."""
