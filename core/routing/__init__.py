"""The Logic stage, computed: its rules in words, edited, and asked by the rooms below.

Holds what tasks do at a Logic stage; refuses files, clocks and chance that is not an argument.
"""
