"""Projects of the hub: from files, as documents, in Ango Hub's shapes.

Holds rows to JSON and back; refuses to move tasks.
"""
