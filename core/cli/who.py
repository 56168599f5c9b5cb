"""Who a command acts as: the system's user, or an account where this data folder has some."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import TYPE_CHECKING

from core.errors import InputError

if TYPE_CHECKING:
    from core.store.hub import HubStore

USER, PASSWORD = "SWITCHYARD_USER", "SWITCHYARD_PASSWORD"


def about_who(added: argparse.ArgumentParser) -> None:
    """Let a command say who acts."""
    added.add_argument(
        "--as",
        dest="acts_as",
        metavar="NAME",
        help=f"the account that acts (${USER}), where there are",
    )


def sign_in(args: argparse.Namespace, store: HubStore) -> None:
    """Act as the account that was named; without a name a command may read, as its user may.

    Raises:
        NotSignedIn: Name and password do not fit.
        InputError: There is no password to be had.
    """
    name = getattr(args, "acts_as", None) or os.environ.get(USER, "")
    if not name:
        return
    from core.access.acting import acting, sign_on
    from core.accounts.accounts import Accounts

    accounts = Accounts(store)
    if acting().has_account or not accounts.exist:
        return
    sign_on(accounts.sign_in(name, os.environ.get(PASSWORD) or asked(f"Password of {name}: ")))


def asked(words: str, twice: bool = False) -> str:
    """A password from the terminal, unseen, or the first line of what is piped in.

    Raises:
        InputError: There is none, or the second differs from the first.
    """
    if not sys.stdin.isatty():
        line = sys.stdin.readline().rstrip("\r\n")
        if not line:
            hint = f"Type it on a terminal, pipe it in, or set {PASSWORD}."
            raise InputError("password", "is missing.", hint)
        return line
    typed = getpass.getpass(words)
    if twice and getpass.getpass("Once more: ") != typed:
        raise InputError("password", "was typed in two ways.", "Type it again.")
    return typed
