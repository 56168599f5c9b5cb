"""Composition root: the one place where the pages' services are made."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.gateway.cache import Cache
from core.settings import Settings, read_settings
from core.store.database import open_database
from core.store.drafts import Drafts
from core.store.scenarios import Scenarios
from core.store.workspaces import OpenedFiles


@dataclass(frozen=True, slots=True)
class Services:
    """What outlives a session."""

    settings: Settings
    drafts: Drafts
    files: OpenedFiles
    hubs: Cache
    scenarios: Scenarios


@st.cache_resource(show_spinner=False)
def services() -> Services:
    """The services of this process."""
    settings = read_settings()
    engine = open_database(settings.database)
    files = OpenedFiles(engine, settings.tables)
    return Services(settings, Drafts(engine), files, Cache(settings.hubs), Scenarios(engine))
