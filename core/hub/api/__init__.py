"""The hub's HTTP side: one application, its endpoints, who may call them.

Holds how a call comes in and goes out; refuses to know how a run or a task moves.
"""
