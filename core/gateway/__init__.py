"""The way to an Ango Hub: asks through the vendor's SDK, answers in Switchyard's own values.

Holds limits, retries of reads and a cache; refuses to let the SDK or an error of it out.
"""
