"""The way to an Ango Hub: asks through the vendor's SDK, answers in Switchyard's own values.

Nothing of the SDK, and no error of it, leaves this package.
"""
