"""Plotly figures and their tables, from data; nothing here shows anything."""
