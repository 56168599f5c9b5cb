"""Composition root: the one place where the pages' services are made."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.gateway.cache import Cache
from core.hub.lock import OwnHub, own_hub, running_hub
from core.private import keep_private
from core.settings import Settings, read_settings
from core.store.drafts import Drafts
from core.store.hub import HubStore, open_hub
from core.store.plugins import Registry
from core.store.run_labels import RunLabels
from core.store.runs import Runs
from core.store.scenarios import Scenarios
from core.store.starts import Starts
from core.store.workspaces import OpenedFiles


@dataclass(frozen=True, slots=True)
class Services:
    """What outlives a session."""

    settings: Settings
    drafts: Drafts
    files: OpenedFiles
    hubs: Cache
    hub: HubStore
    registry: Registry
    runs: Runs
    labels: RunLabels
    starts: Starts
    scenarios: Scenarios


@st.cache_resource(show_spinner=False)
def services() -> Services:
    """The services of this process."""
    settings = read_settings()
    keep_private(settings.data)
    store = open_hub(settings.database)
    return Services(
        settings,
        Drafts(store),
        OpenedFiles(store, settings.tables, settings.tasks_in_memory),
        Cache(settings.hubs, most=settings.tasks_in_memory),
        store,
        Registry(store, settings.data),
        Runs(store),
        RunLabels(store),
        Starts(store),
        Scenarios(store),
    )


def local_hub() -> str | None:
    """Address of the local hub of this data directory, None while it does not run."""
    return running_hub(services().settings.data, services().hub)


def connected_hub() -> OwnHub | None:
    """The local hub of this data directory with its key, None while it cannot be reached."""
    return own_hub(services().settings.data, services().hub)
