"""A local Ango Hub in a process of its own: REST under `/v2`, Socket.IO on `/plugin`.

Holds sandbox projects, and runs of plugins; refuses to be imported by a page, but for `lock`.
"""
