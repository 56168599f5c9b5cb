"""What every command has: exit codes, numbers as arguments, the data directory. Imports little."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from core.model.figures import counted
from core.model.numbers import MOST_SECONDS, read_number, read_whole
from core.private import keep_private
from core.settings import Settings, read_settings

_N = TypeVar("_N", int, float)

FINE, NO, UNUSABLE = 0, 1, 2
"""Exit codes: fine, the answer is "no", unusable input."""

MOST = 1_000_000_000
"""The largest count that anybody may ask for."""

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
"""Adds a command of a name, a function and a sentence."""


def natural(text: str) -> int:
    """A count on the command line: a whole number from 0.

    Raises:
        argparse.ArgumentTypeError: It is none; the parser then says which argument.
    """
    return _between(read_whole, text, MOST, f"a whole number from 0 to {counted(MOST)}")


def whole(text: str) -> int:
    """A whole number on the command line. Raises as `natural`."""
    return _between(read_whole, text, None, "a whole number")


def seconds(text: str) -> float:
    """A time to wait on the command line, from 0 to a year. Raises as `natural`."""
    return _between(read_number, text, MOST_SECONDS, "a number of seconds from 0 to a year")


def hours(text: str) -> float:
    """A number of hours on the command line, up to a million. Raises as `natural`."""
    return _between(read_number, text, 1e6, "a number of hours from 0 to a million")


def share(text: str) -> float:
    """A part of something on the command line. Raises as `natural`."""
    return _between(read_number, text, 1.0, "a number from 0 to 1")


def percentage(text: str) -> float:
    """A percentage on the command line, from 0 to 100. Raises as `natural`."""
    return _between(read_number, text, 100.0, "a percentage from 0 to 100")


def port(text: str) -> int:
    """A port on the command line; 0 takes a free one. Raises as `natural`."""
    return _between(read_whole, text, 65_535, "a port from 0 to 65535")


def _between(read: Callable[[str], _N], text: str, most: float | None, what: str) -> _N:
    try:
        number = read(text)
        if most is None or 0 <= number <= most:
            return number
    except ValueError:
        pass  # said below
    raise argparse.ArgumentTypeError(f"“{text[:40]}” is not {what}")


def settings_of(args: argparse.Namespace) -> Settings:
    """Settings with the data directory of the command line, which is the owner's alone.

    Raises:
        InputError: As `keep_private`.
    """
    settings = chosen_settings(args)
    keep_private(settings.data)
    return settings


def chosen_settings(args: argparse.Namespace) -> Settings:
    """The same, of a directory that is only looked at or held otherwise."""
    if args.data is None:
        return read_settings()
    chosen = {**os.environ, "SWITCHYARD_DATA": str(args.data)}
    settings = read_settings(chosen)
    if settings.is_on_server:
        return settings
    # a directory that was named keeps its own state, whatever file the dashboard uses
    return replace(settings, database=f"sqlite:///{settings.data / 'switchyard.db'}")
