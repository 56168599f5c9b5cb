"""The commands `user …`: accounts of this data folder, their roles, passwords and keys."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.access.roles import ABOUT, Role
from core.cli.arguments import FINE, Command
from core.cli.hub import store_of
from core.cli.who import asked
from core.plugin_runs.log_text import time_text
from core.terminal import note, print_json, say

if TYPE_CHECKING:
    from core.accounts.accounts import Account, Accounts

NEW_PASSWORD = "SWITCHYARD_NEW_PASSWORD"


def register(_: Command, group: Callable[[str, str], Command]) -> None:
    """Add the commands to a command line; see `core.cli.hub.register`."""
    below = group("user", "Accounts; the first one ends the free use of a data folder.")
    adding = below("add", _add, "Add an account. The password is asked for, never an argument.")
    adding.add_argument(
        "--provider", action="store_true", help="no password: it signs in by OpenID Connect"
    )
    listing = below("list", _list, "Accounts and what each may do.")
    giving = below("role", _role, "Give an account another role.")
    password = below("password", _password, "Give an account another password.")
    key = below("key", _key, "A new key of an account for the local hub, shown once.")
    deleting = below("delete", _delete, "Delete an account; its sessions end.")
    for one in (adding, giving, password, key, deleting):
        one.add_argument("name")
    for one in (adding, giving):
        words = "; ".join(f"{role.value}: {about}" for role, about in ABOUT.items())
        one.add_argument("--role", required=True, choices=[role.value for role in Role], help=words)
    for one in (adding, giving, password):
        one.add_argument(
            "--recover",
            action="store_true",
            help="as the owner of the data folder, when no admin can sign in; it is recorded",
        )
    for one in (adding, listing, giving, password, key, deleting):
        one.add_argument("--data", type=Path, help="data directory ($SWITCHYARD_DATA, .switchyard)")


def _accounts(args: argparse.Namespace) -> Accounts:
    from core.access.acting import RECOVERY, Actor, local_actor, sign_on
    from core.accounts.accounts import Accounts

    accounts = Accounts(store_of(args))
    if getattr(args, "recover", False):
        sign_on(Actor(local_actor().name, Role.ADMIN, RECOVERY))
    return accounts


def _new_password(name: str) -> str:
    return os.environ.get(NEW_PASSWORD) or asked(f"New password of {name}: ", twice=True)


def _add(args: argparse.Namespace) -> int:
    accounts = _accounts(args)
    first = not accounts.exist
    password = None if args.provider else _new_password(args.name)
    account = accounts.add(args.name, Role(args.role), password)
    if first:
        note("From now on people sign in, and commands that change something take --as NAME.")
    return _print(args, account)


def _list(args: argparse.Namespace) -> int:
    listed = _accounts(args).list()
    if args.json:
        print_json([_document(account) for account in listed])
    else:
        say(*map(_line, listed) if listed else ("No account: nobody needs to sign in.",))
    return FINE


def _role(args: argparse.Namespace) -> int:
    return _print(args, _accounts(args).set_role(args.name, Role(args.role)))


def _password(args: argparse.Namespace) -> int:
    accounts = _accounts(args)
    accounts.set_password(args.name, _new_password(args.name))
    return _print(args, accounts.get(args.name))


def _key(args: argparse.Namespace) -> int:
    key = _accounts(args).new_key(args.name)
    if args.json:
        print_json({"name": args.name, "key": key.reveal()})
    else:
        say(f"Key of {args.name} for the local hub, shown once: {key.reveal()}")
    return FINE


def _delete(args: argparse.Namespace) -> int:
    _accounts(args).delete(args.name)
    if args.json:
        print_json({"name": args.name})
    else:
        say(f"The account {args.name} is deleted.")
    return FINE


def _print(args: argparse.Namespace, account: Account) -> int:
    if args.json:
        print_json(_document(account))
    else:
        say(_line(account))
    return FINE


def _document(account: Account) -> dict[str, Any]:
    """An account as the command line prints it; no password and no key is part of it."""
    return {
        "name": account.name,
        "role": account.role.value,
        "hasPassword": account.has_password,
        "fromProvider": account.from_provider,
        "createdAt": account.created_at,
    }


def _line(account: Account) -> str:
    way = "password" if account.has_password else "OpenID Connect"
    return f"{account.role.value:<8}  {time_text(account.created_at)}  {account.name} ({way})"
