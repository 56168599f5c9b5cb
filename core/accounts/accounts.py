"""The accounts of a data folder: made, changed, deleted, and signed in with."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import sqlalchemy as sa

from core.access.acting import OPENID, PASSWORD, SYSTEM, Actor, acting, acting_as
from core.access.actions import Action
from core.access.roles import Role
from core.accounts.passwords import fits, hashed
from core.errors import InputError, NotSignedIn, UnknownName
from core.model.phrases import iso
from core.model.text import HALF
from core.secret import Secret
from core.store import audit
from core.store.database import notes
from core.store.hub import HubStore
from core.store.people import account_id, has_accounts
from core.store.person_keys import new_salt, own_key
from core.store.tables.access import accounts

MOST_FAILURES, LOCKED_SECONDS = 5, 60.0
"""So many wrong passwords in a row lock an account for so long after the last one; from then on
each further one does."""
MOST_NAME = 120
REFUSED = (
    "The name and the password do not fit.",
    f"After {MOST_FAILURES} wrong passwords an account rests for {LOCKED_SECONDS:g} seconds.",
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account, without what proves it.

    Args:
        name: As it signs in; an address where a provider vouches for it.
        role: What it may do.
        has_password: Whether it signs in here.
        from_provider: Whether its role is a provider's word, renewed at each sign-in.
        created_at: Seconds since 1970.
    """

    name: str
    role: Role
    has_password: bool
    from_provider: bool
    created_at: float


class Accounts:
    """Accounts in a database."""

    def __init__(self, store: HubStore) -> None:
        self._store = store

    @property
    def exist(self) -> bool:
        """Whether there is any; then people sign in."""
        with self._store.read() as tx:
            return has_accounts(tx)

    def list(self) -> tuple[Account, ...]:
        """All of them by name."""
        with self._store.read() as tx:
            return tuple(map(_account, tx.execute(sa.select(accounts).order_by(accounts.c.id))))

    def get(self, name: str) -> Account:
        """An account.

        Raises:
            UnknownName: There is none of this name.
        """
        with self._store.read() as tx:
            return _find(tx, name)

    def add(self, name: str, role: Role, password: str | None) -> Account:
        """Make an account; without a password only a provider can vouch for it.

        Raises:
            InputError: The name is taken or no name, the password too short, or the first account
                is no admin's: then nobody could make another one.
        """
        called = _called(name)
        kept = None if password is None else hashed(password)
        about = f"account {called}"
        with self._store.write(Action.USER_ADD, about, None, {"role": role.value}) as tx:
            if tx.scalar(sa.select(accounts.c.id).where(_same(called))):
                raise InputError("name", f"{called} has an account already.", "Change that one.")
            if role is not Role.ADMIN and not has_accounts(tx):
                hint = "Add an admin first; accounts end the free use of this data folder."
                raise InputError("role", "the first account must be an admin's.", hint)
            _insert(tx, called, role, kept, False, self._store.clock())
            return _find(tx, called)

    def set_role(self, name: str, role: Role) -> Account:
        """Give an account another role; it holds from the next action of a running session.

        Raises:
            UnknownName: There is no such account.
            InputError: Nobody would be left who may give roles.
        """
        with self._store.write(Action.USER_CHANGE, f"account {name.strip()}") as tx:
            before = _find(tx, name)
            if role is not Role.ADMIN:
                _refuse_last_admin(tx, before)
            notes(tx, before={"role": before.role.value}, after={"role": role.value})
            values = {"role": role.value, "from_provider": False}
            tx.execute(accounts.update().where(_same(name)).values(values))
            return _find(tx, name)

    def set_password(self, name: str, password: str) -> None:
        """Give an account another password, and end its lock. One's own needs no admin.

        Raises:
            UnknownName: There is no such account.
            InputError: The password is too short.
        """
        kept = hashed(password)
        with self._store.write(self._of_own(name), f"account {name.strip()}") as tx:
            notes(tx, after="password")
            _find(tx, name)
            values = {"password_hash": kept, "failures": 0, "failed_at": None}
            tx.execute(accounts.update().where(_same(name)).values(values))

    def new_key(self, name: str) -> Secret:
        """Another key of an account for the local hub; the earlier one ends. One's own as above.

        Raises:
            UnknownName: There is no such account.
        """
        with self._store.write(self._of_own(name), f"account {name.strip()}") as tx:
            notes(tx, after="key for the local hub")
            account = _find(tx, name)
            tx.execute(accounts.update().where(_same(name)).values(key_salt=new_salt()))
        key = own_key(self._store, Actor(account.name, account.role, PASSWORD, has_account=True))
        assert key is not None
        return key

    def delete(self, name: str) -> None:
        """Delete an account; its running sessions end at their next action.

        Raises:
            UnknownName: There is no such account.
            InputError: It is the last admin's, and there are others.
        """
        with self._store.write(Action.USER_DELETE, f"account {name.strip()}") as tx:
            before = _find(tx, name)
            others = sa.select(accounts.c.id).where(accounts.c.id != account_id(name)).limit(1)
            if tx.scalar(others) is not None:
                _refuse_last_admin(tx, before)
            notes(tx, before={"role": before.role.value})
            tx.execute(accounts.delete().where(_same(name)))

    def sign_in(self, name: str, password: str) -> Actor:
        """Who somebody is, by name and password.

        Every refusal says the same and takes the same time, whether the name is known, the
        password wrong or the account locked. A try counts before it is looked at, so many at once
        get no more tries than one after the other.

        Raises:
            NotSignedIn: They do not fit, or the account is locked.
        """
        now = self._store.clock()
        with self._store.work() as tx:
            row = tx.execute(sa.select(accounts).where(_same(name))).one_or_none()
            rests = row is not None and _rests(row, now)
            if row is not None and not rests:
                tried = {"failures": row.failures + 1, "failed_at": now}
                tx.execute(accounts.update().where(_same(name)).values(tried))
        right = fits(None if row is None or rests else row.password_hash, password)
        if row is None or not right:
            if row is not None and not rests:
                self._note_refused(row.name, Role(row.role), PASSWORD)
            raise NotSignedIn(*REFUSED)
        return self._signed_in(Actor(row.name, Role(row.role), PASSWORD, has_account=True))

    def vouched_for(self, name: str, role: Role | None) -> Actor:
        """Who somebody is, by the word of a provider.

        Args:
            name: Their address, which the provider has verified.
            role: What the provider says of them, None for nothing. A role that an admin gave here
                counts more.

        Raises:
            NotSignedIn: There is no account of this address, and the provider names no role.
        """
        called = _called(name)
        with self._store.read() as tx:
            row = tx.execute(sa.select(accounts).where(_same(called))).one_or_none()
        if role is not None and (row is None or (row.from_provider and row.role != role.value)):
            self._provide(called, role)
        elif row is None:
            message = f"{called} has no account here, and the provider names no role."
            raise NotSignedIn(message, "An admin can add an account of this address.")
        account = self.get(called)
        return self._signed_in(Actor(account.name, account.role, OPENID, has_account=True))

    def _provide(self, called: str, role: Role) -> None:
        """Make or change an account by the word of a provider, which nobody here does."""
        with (
            acting_as(SYSTEM),
            self._store.write(Action.USER_CHANGE, f"account {called}") as tx,
        ):
            notes(tx, after={"role": role.value, "by": OPENID})
            change = accounts.update().where(_same(called)).values(role=role.value)
            if not tx.execute(change).rowcount:
                _insert(tx, called, role, None, True, self._store.clock())

    def _signed_in(self, person: Actor) -> Actor:
        with (
            acting_as(person),
            self._store.write(Action.SIGN_IN, f"account {person.name}") as tx,
        ):
            free = {"failures": 0, "failed_at": None}
            tx.execute(accounts.update().where(_same(person.name)).values(free))
        return person

    def _note_refused(self, name: str, role: Role, way: str) -> None:
        person = Actor(name, role, way)
        about = f"account {name}"
        with self._store.work() as tx:
            at = iso(self._store.clock())
            audit.append(tx, at, person, Action.SIGN_IN, about, None, "refused")

    def _of_own(self, name: str) -> Action:
        person = acting()
        own = person.has_account and account_id(person.name) == account_id(name)
        return Action.OWN_ACCOUNT if own else Action.USER_CHANGE


def _rests(row: sa.Row[tuple[object, ...]], now: float) -> bool:
    """Whether an account is locked: the last of the tries that it has in a row was not long ago."""
    return bool(row.failures >= MOST_FAILURES and now < row.failed_at + LOCKED_SECONDS)


def _called(name: str) -> str:
    called = unicodedata.normalize("NFC", name.strip())
    if not called or len(called) > MOST_NAME or not called.isprintable() or HALF.search(called):
        message = f"“{called[:40]}” is no name of an account."
        raise InputError("name", message, f"Take 1 to {MOST_NAME} characters that can be seen.")
    return called


def _same(name: str) -> sa.ColumnElement[bool]:
    its_id = account_id(unicodedata.normalize("NFC", name.strip()))
    return accounts.c.id == its_id.encode("utf-8", "replace").decode()


def _find(tx: sa.Connection, name: str) -> Account:
    row = tx.execute(sa.select(accounts).where(_same(name))).one_or_none()
    if row is None:
        message = f"There is no account {name.strip()[:60]}."
        raise UnknownName(message, "See `python -m core user list`.")
    return _account(row)


def _account(row: sa.Row[tuple[object, ...]]) -> Account:
    has_password = row.password_hash is not None
    return Account(row.name, Role(row.role), has_password, row.from_provider, row.created_at)


def _insert(
    tx: sa.Connection, name: str, role: Role, kept: str | None, from_provider: bool, at: float
) -> None:
    tx.execute(
        accounts.insert().values(
            id=account_id(name),
            name=name,
            role=role.value,
            password_hash=kept,
            from_provider=from_provider,
            key_salt=new_salt(),
            failures=0,
            created_at=at,
        )
    )


def _refuse_last_admin(tx: sa.Connection, account: Account) -> None:
    """Of all admins one must stay while there are accounts."""
    admins = sa.select(sa.func.count()).where(accounts.c.role == Role.ADMIN.value)
    if account.role is Role.ADMIN and tx.scalar(admins) == 1:
        message = f"{account.name} is the only admin."
        raise InputError("role", message, "Make somebody else an admin first.")
