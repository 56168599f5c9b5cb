"""Images of a run's assets with their labels, before and after."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.errors import InputError
from core.gallery.draw import class_colors, draw_labels
from core.gallery.geometry import Outline
from core.gallery.images import open_image
from core.gallery.of_run import Scene, scenes
from core.model.figures import counted
from core.model.names import Names
from core.model.project import Project
from core.plugin_runs.model import Run
from core.plugin_runs.probe import PROBED
from pages._ui.bound_widget import page_number
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.services import services

PAGE = 6
SHOWN = ("After", "Before", "Both")


def gallery(run: Run, project: Project | None, names: Names) -> None:
    """Show a page of images."""
    if run.request.probe:
        st.info(PROBED)
        return
    if not run.tasks:
        st.info("This run has no labels to show on images.")
        return
    head, turn = st.columns([3, 1], vertical_alignment="bottom")
    which = head.segmented_control("Labels", SHOWN, default="After", key="runs.images.which")
    pages = (run.tasks + PAGE - 1) // PAGE
    with turn:
        number = page_number(pages, key("runs.images.page"))
    labels = services().labels.kept(run.session, PAGE, (number - 1) * PAGE)
    files = services().settings.data / "hub-files"
    assets = scenes(services().hub, files, labels)
    with_image = [one for one in assets if one.file is not None]
    if not with_image:
        st.info(
            "There are no images: the assets of this run are not kept on this hub, and nothing is "
            "fetched from elsewhere. The table under Labels says what was imported.",
            icon=":material/hide_image:",
        )
        return
    colors = class_colors(project, run.per_class.keys())
    across = st.columns(2)  # so large that the names on them can be read
    place = 0
    for scene in with_image:
        for when in ("before", "after") if which == "Both" else ((which or "After").lower(),):
            with across[place % len(across)]:
                _picture(scene, when, names, colors)
            place += 1
    if len(with_image) < len(assets):
        st.caption(
            f"{len(assets) - len(with_image)} assets of this page have no image on this hub."
        )


def _picture(scene: Scene, when: str, names: Names, colors: dict[str, str]) -> None:
    labels = scene.before if when == "before" else scene.after
    many = f"{len(labels)} label{'' if len(labels) == 1 else 's'}"
    twice = f", {counted(scene.doubles)} of them twice" * bool(scene.doubles and when == "after")
    caption = f"{scene.name}, {when}: {many}{twice}"
    assert scene.file is not None
    try:
        image = _drawn(
            str(scene.file), scene.file.stat().st_mtime, labels,
            tuple(names.classes.items()), tuple(colors.items()),
        )  # fmt: skip
    except (InputError, OSError) as error:
        st.caption(f":material/broken_image: {plain(str(error))}")
        return
    st.image(image, caption=caption, width="stretch")


@st.cache_data(max_entries=120, show_spinner=False)
def _drawn(
    file: str,
    changed: float,  # noqa: ARG001 - part of the key
    labels: tuple[Outline, ...],
    names: tuple[tuple[str, str], ...],
    colors: tuple[tuple[str, str], ...],
) -> bytes:
    return draw_labels(open_image(Path(file)), labels, dict(names), dict(colors))
