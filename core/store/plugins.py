"""The registry of plugins.

Secrets are made, not kept: a plugin's secret is derived from a random key, which lies in a file of
its own that only the owner may read, and from a salt beside the plugin. The store holds the salt
and a hash. So the hub can present a REST plugin's secret after a restart, and neither the store nor
a copy of it tells any.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from core.access.actions import Action
from core.access.record import document as digest
from core.ango_json.text import kept, written
from core.errors import InputError, UnknownName
from core.model.text import HALF, whole
from core.plugin_runs.config.schema import read_schema
from core.plugin_runs.model import Connector, Liveness, Plugin
from core.plugin_runs.preflight import config_findings
from core.private import kept_key
from core.secret import Secret, new_secret
from core.store.database import Database, notes
from core.store.hub import new_id
from core.store.tables.runs import plugins, presence, runs

KEY_FILE = "plugins.key"
FRESH_SECONDS = 15.0
"""What the hub said of a plugin counts that long; it says it again every 5 seconds."""


@dataclass(frozen=True, slots=True)
class NewPlugin:
    """A plugin and its secret, which is shown once."""

    plugin: Plugin
    secret: Secret


class Registry:
    """Plugins of a data directory.

    Args:
        store: The state.
        data: The data directory, where the key of the secrets lies.
    """

    def __init__(self, store: Database, data: Path) -> None:
        self._store = store
        self._key_file = data / KEY_FILE

    def add(
        self,
        name: str,
        classes: Sequence[str] = (),
        description: str = "",
        config: str = "{}",
        config_schema: str | None = None,
        connector: Connector = "ws",
        url: str | None = None,
        script: str | None = None,
        plugin: str | None = None,
    ) -> NewPlugin:
        """Register a plugin.

        Raises:
            InputError: A value cannot be used; `source` names the field.
        """
        made = Plugin(
            id=plugin or new_id(),
            name=name,
            description=description,
            classes=tuple(classes),
            config=config,
            config_schema=config_schema,
            connector=connector,
            url=url,
            script=script,
            created_at=self._store.clock(),
        )
        made = _checked(made)
        self._store.check(Action.PLUGIN_ADD)
        salt, secret = self._new_secret(made.id)
        with self._store.write(Action.PLUGIN_ADD, f"plugin {made.id}", None, _told(made)) as tx:
            if tx.scalar(sa.select(plugins.c.id).where(plugins.c.id == made.id)):
                raise InputError("id", f"{made.id} is taken.", "Leave it out for a new one.")
            tx.execute(plugins.insert().values({**_row(made), **_proof(salt, secret)}))
        return NewPlugin(made, secret)

    def get(self, plugin: str) -> Plugin:
        """A plugin.

        Raises:
            UnknownName: There is none of this id.
        """
        with self._store.read() as tx:
            return _find(tx, plugin)

    def list(self, archived: bool = False) -> tuple[Plugin, ...]:
        """Plugins in the order of their registration; archived ones only when asked for."""
        query = sa.select(plugins).order_by(plugins.c.created_at, plugins.c.id)
        if not archived:
            query = query.where(plugins.c.archived_at.is_(None))
        with self._store.read() as tx:
            return tuple(_plugin(row) for row in tx.execute(query))

    def save(self, plugin: Plugin) -> Plugin:
        """Write an edited plugin; its id, secret and date stay.

        Raises:
            InputError: A value cannot be used.
            UnknownName: There is no such plugin.
        """
        checked = _checked(plugin)
        with self._store.write(Action.PLUGIN_CHANGE, f"plugin {plugin.id}") as tx:
            notes(tx, before=_told(_find(tx, plugin.id)), after=_told(checked))
            values = _row(checked)
            del values["created_at"]
            tx.execute(plugins.update().where(plugins.c.id == plugin.id).values(values))
        return checked

    def archive(self, plugin: str, archived: bool = True) -> Plugin:
        """Put a plugin away or take it back; its runs stay. Raises as `get`."""
        at = self._store.clock() if archived else None
        done = "archived" if archived else "taken back"
        with self._store.write(Action.PLUGIN_DELETE, f"plugin {plugin}", after=done) as tx:
            _find(tx, plugin)
            tx.execute(plugins.update().where(plugins.c.id == plugin).values(archived_at=at))
            return _find(tx, plugin)

    def rotate(self, plugin: str) -> NewPlugin:
        """Give a plugin another secret; the earlier one no longer proves it. Raises as `get`."""
        salt, secret = self._new_secret(plugin)
        with self._store.write(Action.PLUGIN_ROTATE, f"plugin {plugin}") as tx:
            rotated = _find(tx, plugin)
            change = plugins.update().where(plugins.c.id == plugin)
            tx.execute(change.values(_proof(salt, secret)))
        return NewPlugin(rotated, secret)

    def knows(self, plugin: str, secret: Secret) -> bool:
        """Whether the secret is the plugin's, in the same time for every wrong one."""
        with self._store.read() as tx:
            row = tx.execute(sa.select(plugins).where(plugins.c.id == plugin)).one_or_none()
        expected = row.secret_hash if row else _hash("", new_secret())
        same = hmac.compare_digest(expected, _hash(row.salt if row else "", secret))
        return same and row is not None

    def secret(self, plugin: str) -> Secret:
        """The secret to present to a REST plugin, or to start a supervised one with.

        Raises:
            UnknownName: There is no such plugin, or the key of the secrets is not there any more.
        """
        with self._store.read() as tx:
            _find(tx, plugin)
            row = tx.execute(sa.select(plugins).where(plugins.c.id == plugin)).one()
        secret = _derived(self._key(), plugin, row.salt)
        if not hmac.compare_digest(row.secret_hash, _hash(row.salt, secret)):
            message = f"The secret of {row.name} cannot be made again: {KEY_FILE} has changed."
            raise UnknownName(message, "Rotate the plugin's secret.")
        return secret

    def runs_of(self, plugin: str) -> int:
        """How many runs a plugin has."""
        query = sa.select(sa.func.count()).select_from(runs).where(runs.c.plugin == plugin)
        with self._store.read() as tx:
            return int(tx.scalar(query) or 0)

    def liveness(self) -> dict[str, Liveness]:
        """What the hub sees of each plugin that it has seen; all unknown while no hub runs."""
        now = self._store.clock()
        with self._store.read() as tx:
            rows = tx.execute(sa.select(presence)).all()
        return {
            row.plugin: Liveness(row.state, row.since, row.processes, row.note)
            for row in rows
            if abs(now - row.seen_at) < FRESH_SECONDS
        }

    def _new_secret(self, plugin: str) -> tuple[str, Secret]:
        salt = secrets.token_hex(16)
        return salt, _derived(self._key(), plugin, salt)

    def _key(self) -> bytes:
        """The key of the secrets."""
        return kept_key(self._key_file)


def _derived(key: bytes, plugin: str, salt: str) -> Secret:
    about = f"{plugin}:{salt}".encode("utf-8", "replace")
    return Secret(hmac.new(key, about, sha256).hexdigest())


def _hash(salt: str, secret: Secret) -> str:
    return sha256(f"{salt}:{secret.reveal()}".encode("utf-8", "replace")).hexdigest()


def _proof(salt: str, secret: Secret) -> dict[str, str]:
    return {"salt": salt, "secret_hash": _hash(salt, secret)}


def _find(tx: sa.Connection, plugin: str) -> Plugin:
    row = tx.execute(sa.select(plugins).where(plugins.c.id == plugin)).one_or_none()
    if row is None:
        raise UnknownName(f"There is no plugin {plugin[:60]}.", "Check its id, or register it.")
    return _plugin(row)


def _plugin(row: sa.Row[Any]) -> Plugin:
    values = {name: getattr(row, name) for name in Plugin.__slots__}
    return Plugin(**{**values, "classes": tuple(kept(row.classes))})


def _row(plugin: Plugin) -> dict[str, Any]:
    return {**asdict(plugin), "classes": written(plugin.classes)}


def _told(plugin: Plugin) -> dict[str, Any]:
    """A plugin as the record of changes has it: a config may hold anything, so not its text."""
    return {
        "name": plugin.name,
        "classes": plugin.classes,
        "config": digest(plugin.config),
        "schema": digest(plugin.config_schema),
        "connector": plugin.connector,
        "script": plugin.script,
    }


def _checked(plugin: Plugin) -> Plugin:
    """The plugin with blanks taken off, or the first thing that is wrong with it."""
    name = plugin.name.strip()
    if not name:
        raise InputError("name", "is empty.", "Give the plugin a name.")
    classes = tuple(one.strip() for one in plugin.classes if one.strip())
    for one in classes:
        if HALF.search(one):
            message = f"{whole(one)} holds half a character, which no file can keep."
            raise InputError("classes", message, "Write the name anew.")
    if len(set(classes)) < len(classes):
        twice = next(one for one in classes if classes.count(one) > 1)
        raise InputError("classes", f"{twice} stands there twice.", "Leave one of them out.")
    for finding in config_findings(plugin.config):
        if finding.severity == "error":
            clause = finding.message[:1].lower() + finding.message[1:]
            raise InputError("config", clause, finding.hint)
    schema = plugin.config_schema
    if schema is not None:
        read_schema(schema, "config schema")
    url = (plugin.url or "").strip().rstrip("/") or None
    if plugin.connector not in ("ws", "rest"):
        raise InputError("connector", f"{plugin.connector} is neither ws nor rest.")
    if plugin.connector == "rest":
        parts = urlsplit(url or "")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            message = "is not the address where the plugin answers."
            raise InputError("url", message, "Give http://host:port.")
    address = url if plugin.connector == "rest" else None
    return replace(plugin, name=name, classes=classes, url=address)
