"""Tasks on their way through a sandbox project: stages, Consensus, Logic, Webhooks.

Holds what a submit or review sets off; refuses to commit by itself.
"""
