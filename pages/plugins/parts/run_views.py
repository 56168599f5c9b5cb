"""What a run did, asked and differs in."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.ango_json.text import dumps
from core.charts.runs import (
    asked_table,
    change_table,
    class_table,
    difference_table,
    kept_table,
    refused_table,
    run_name,
)
from core.model.figures import counted
from core.model.glossary import SETTINGS_CODE
from core.model.names import Names, labels
from core.plugin_runs.compare import asked_differently, labelled_differently
from core.plugin_runs.model import KeptLabels, Plugin, Run, as_pairs
from core.plugin_runs.probe import PROBED
from core.store.run_counts import shown_count
from pages._ui import starting
from pages._ui.bound_widget import page_number
from pages._ui.figure import data_table
from pages._ui.keys import key
from pages._ui.long_text import long_code, long_lines, long_list
from pages._ui.markdown_escape import plain
from pages._ui.services import services
from pages.plugins.parts.config_editor import changes_from

PAGE = 100


def labels_view(run: Run, names: Names) -> None:
    """Labels per class and per asset, what they meet there, and what was refused."""
    if run.tasks:
        left, right = st.columns([2, 5], gap="medium")
        with left:
            st.markdown("**Per class**")
            data_table(class_table(run.per_class, names), key("runs.classes"))
        with right:
            if run.request.probe:
                st.info(PROBED)
            else:
                _per_asset(run, names)
    else:
        st.info("No label of this run was taken." if run.is_final else "No label yet.")
    mapped = {pair.model_class for pair in run.request.mapping or ()}
    plugin = next((p for p in services().registry.list(archived=True)
                   if p.id == run.request.plugin), None)  # fmt: skip
    missing = [name for name in (plugin.classes if plugin else ()) if name not in mapped]
    if missing:
        st.caption("Not mapped, so the plugin was not told about them:")
        long_list(missing, "Class", key("runs.missing"))
    if run.refused:
        st.markdown("**Refused**")
        data_table(refused_table(run.refused), key("runs.refused"))
    if run.doubtful:
        st.markdown("**Kept, though it does not fit the project**")
        data_table(refused_table(run.doubtful), key("runs.doubtful"))


def _per_asset(run: Run, names: Names) -> None:
    met = _collisions(run.session, run.tasks, run.state)
    what = "have labels of the same class already" if run.request.dry_run else (
        "had labels of the same class before")  # fmt: skip
    st.markdown(f"**Per asset.** {counted(met)} of {counted(run.tasks)} tasks {what}.")
    pages = (run.tasks + PAGE - 1) // PAGE
    number = page_number(pages, key("runs.kept.page"))
    rows = services().labels.kept(run.session, PAGE, (number - 1) * PAGE)
    data_table(kept_table(rows, names), key("runs.kept"))


@st.cache_data(max_entries=64, ttl=10, show_spinner="Looking for labels that are there already")
def _collisions(session: str, tasks: int, state: str) -> int:  # noqa: ARG001 - part of the key
    return services().labels.collisions(session)


def asked_view(run: Run, plugin: Plugin | None, names: Names) -> None:
    """Everything that was asked of the plugin."""
    request = run.request
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Batches**")
        batches = [names.of_batch(batch) for batch in request.batches]
        long_list(batches, "Batch", key("runs.batches"), "Every asset of the project.")
        if request.limit is not None:
            st.caption(f"The first {counted(request.limit)} assets only.")
        chosen = shown_count(services().hub, run.session)
        if chosen is not None and request.limit is None:
            st.caption(f"Only {counted(chosen)} chosen assets.")
        st.markdown("**Mapping**")
        mapping = request.project_mapping
        pairs = [f"{p.model_class} → {names.of_class(p.schema_id)}" for p in mapping or ()]
        long_lines(pairs, "Mapping", key("runs.mapping"), lambda pair: st.markdown(plain(pair)))
        if request.probe:
            st.caption("Each class of the model had a schema ID of its own, made for this probe.")
        else:
            if not mapping:
                st.caption("Nothing was mapped: the plugin got null.")
            with st.expander("As the plugin received it"):
                text = dumps(as_pairs(mapping), indent=2)
                long_code(text, f"mapping-{run.session}.json", key("runs.pairs"))
        st.caption(
            f"Run `{run.session}`, its settings `{request.fingerprint}`.", help=SETTINGS_CODE
        )
    with right:
        st.markdown("**Config, byte for byte**")
        long_code(request.config, f"config-{run.session}.json", key("runs.config"))
        changes = changes_from(plugin.config, request.config) if plugin else None
        if changes:
            st.caption("Against the plugin's default as it is now:")
            st.dataframe(change_table(changes, "The default", "This run"), hide_index=True,
                         key="runs.diff")  # fmt: skip


def compare_view(run: Run, names: Names) -> None:
    """This run against another of the same project."""
    others = [one for one in services().runs.list(project=run.request.project, limit=200)
              if one.session != run.session]  # fmt: skip
    if not others:
        st.info("There is no other run of this project to compare with.")
        return
    plugins = starting.plugin_names()
    titles = labels({one.session: run_name(one, plugins) for one in others})
    ids = list(titles)
    first = run.parent if run.parent in titles else ids[0]
    chosen = st.selectbox("Compare with", ids, ids.index(first), key="runs.other",
                          format_func=titles.__getitem__)  # fmt: skip
    other = next(one for one in others if one.session == chosen)
    st.markdown("**Asked differently**")
    requests_differ = asked_differently(other, run, names)
    if requests_differ:
        data_table(asked_table(requests_differ, "The other run", "This run"), key("runs.asked"))
    else:
        st.caption("Nothing: both were asked the same.")
    st.markdown("**Labels**")
    differences = labelled_differently(partial(_kept, chosen), partial(_kept, run.session))
    if differences:
        data_table(
            difference_table(differences, names, "The other run", "This run"),
            key("runs.difference"),
        )
    else:
        st.caption("Neither run has labels.")


def _kept(session: str, limit: int, offset: int) -> tuple[KeptLabels, ...]:
    return services().labels.kept(session, limit, offset)
