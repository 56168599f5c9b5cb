"""Waiting for what is to happen, and not for a time."""

import time


def wait_until(question, seconds=15):
    """Asks until the answer is true and returns it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := question():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come true")
