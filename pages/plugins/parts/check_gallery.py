"""Images of what went wrong, the worst first: the run's labels over those of people."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.charts.quality import NOTHING
from core.checked_images import CheckedImage, checked_images
from core.errors import InputError
from core.gallery.draw import Mark, class_colors, draw_marks
from core.gallery.images import open_image
from core.model.figures import counted
from core.model.names import Names
from core.quality.check import Quality
from core.quality.matching import NOBODY
from core.quality.mistakes import MISTAKES, Spotted, Verdict, spotted
from pages._ui import answered, judged
from pages._ui.bound_widget import page_number
from pages._ui.keys import key
from pages._ui.markdown_escape import plain
from pages._ui.services import services
from pages.plugins.parts.check_answers import cell_in_hand, look_at_cell

PAGE = 6
KINDS: dict[str, tuple[Verdict, ...]] = {
    "All mistakes": MISTAKES,
    "Mixed up": ("mixed_up",),
    "Missed": ("missed", "misplaced"),
    "Misplaced": ("misplaced",),
    "Made up": ("made_up",),
    "Right": ("right",),
}
LEGEND = "People: unbroken lines, names above. The run: broken lines, framed names below."


def mistakes_view(asked: judged.Question, iou: float, least: float | None, names: Names) -> None:
    """Show the images of a field of the matrix, or of a kind of mistake."""
    sides, result = judged.sides(asked), judged.judged(asked, iou, least)
    st.session_state["check.ids"] = [*result.schema_ids, None]
    st.subheader("On the images")
    cell = cell_in_hand(result)
    some = _chosen(asked, iou, least, result, cell, names)
    if not some:
        st.info("There is no such label.", icon=":material/check_circle:")
        return
    pages = (len(some) + PAGE - 1) // PAGE
    labels = sum(one.many for one in some)
    head, turn = st.columns([3, 1], vertical_alignment="bottom")
    head.caption(f"{counted(labels)} such labels on {counted(len(some))} assets. {LEGEND}")
    with turn:
        number = page_number(pages, key("check.page"))
    files = services().settings.data / "hub-files"
    part = some[(number - 1) * PAGE : number * PAGE]
    images = checked_images(services().hub, files, sides, part, names)
    colors = class_colors(sides.project, result.schema_ids)
    across = st.columns(2)
    for place, image in enumerate(one for one in images if one.file is not None):
        with across[place % 2]:
            _picture(image, colors)
    without = [one.name for one in images if one.file is None]
    if without:
        st.caption(
            f"{counted(len(without))} assets of this page have no image on this hub, and nothing "
            f"is fetched from elsewhere: {plain(', '.join(without))}."
        )


def _chosen(
    asked: judged.Question, iou: float, least: float | None, result: Quality,
    cell: tuple[int, int] | None, names: Names,
) -> tuple[Spotted, ...]:  # fmt: skip
    of = judged.each(asked, iou, least)
    if cell is None:
        kind = answered.segment(
            st, "Show", list(KINDS), key("check.kind"), "All mistakes", label_visibility="collapsed"
        )
        return spotted(of, KINDS[kind])
    ids = [*result.schema_ids, None]
    person, run = (
        names.of_class(one) if (one := ids[place]) is not None else NOTHING for place in cell
    )
    words, back = st.columns([4, 1], vertical_alignment="center")
    words.markdown(f"People: **{plain(person)}**, run: **{plain(run)}**")
    back.button("Leave this field", icon=":material/close:", key="check.all", on_click=look_at_cell,
                args=(None,), width="stretch")  # fmt: skip
    schema = judged.sides(asked).both.schema_ids
    row, column = (NOBODY if (one := ids[place]) is None else schema.index(one) for place in cell)
    return spotted(of, (), (row, column))


def _picture(image: CheckedImage, colors: dict[str, str]) -> None:
    assert image.file is not None
    more = f"; without a place: {', '.join(image.undrawn)}" if image.undrawn else ""
    try:
        drawn = _drawn(str(image.file), image.file.stat().st_mtime, image.marks,
                       tuple(colors.items()))  # fmt: skip
    except (InputError, OSError) as error:
        st.caption(f":material/broken_image: {plain(str(error))}")
        return
    st.image(drawn, caption=plain(f"{image.name}: {counted(image.many)} such{more}"),
             width="stretch")  # fmt: skip


@st.cache_data(max_entries=120, show_spinner=False)
def _drawn(
    file: str,
    changed: float,  # noqa: ARG001 - part of the key
    marks: tuple[Mark, ...],
    colors: tuple[tuple[str, str], ...],
) -> bytes:
    return draw_marks(open_image(Path(file)), marks, dict(colors))
