"""The way back from wanted numbers to settings, and what each setting does.

Holds trials of percentages and bounds; refuses to change a stage by itself.
"""
