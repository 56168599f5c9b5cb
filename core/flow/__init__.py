"""The workflow twin: where tasks go through a whole workflow, how long it takes, what it costs.

Holds the whole workflow as one question; refuses rules of its own, clocks, unseeded chance.
"""
