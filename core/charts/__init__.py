"""Plotly figures and their tables, from data.

Holds colours, axes and units; refuses to show anything, and markup in a text.
"""
