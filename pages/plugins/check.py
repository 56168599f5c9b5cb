import streamlit as st

from core.demo import by_hand
from core.errors import SwitchyardError
from pages._ui import judged, starting
from pages._ui.markdown_escape import plain
from pages.plugins.parts.check_answers import answers, controls
from pages.plugins.parts.check_gains import two_runs
from pages.plugins.parts.check_gallery import mistakes_view
from pages.plugins.parts.check_threshold import thresholds_view
from pages.plugins.parts.check_truth import choose_run, no_truth, truth_of
from pages.plugins.parts.liveness import hub_notice
from pages.plugins.parts.run_routes import routes_view
from pages.plugins.parts.runs_empty import runs_empty

WHAT = (
    "Here a run's labels are held against those that people made on the same assets: what is "
    "right, missed, made up and mixed up, each on its image, before anything is written. "
)

st.header("Check")
hub_notice()
run = choose_run()
if run is None:
    runs_empty(WHAT, by_hand.BATCH)
    st.stop()
truth = truth_of(run)
try:
    asked = judged.question(run, truth)
    sides = judged.sides(asked)
except SwitchyardError as error:
    st.error(plain(str(error)), icon=":material/error:")
    st.stop()
for note in sides.notes:
    st.warning(plain(note), icon=":material/info:")
if not sides.both.assets:
    no_truth(run, sides)
    st.stop()
names = judged.names_for(sides)
iou, least = controls(sides)
answers(asked, iou, least, names)
mistakes_view(asked, iou, least, names)
thresholds_view(asked, iou, run, names)
two_runs(asked, iou, run, names)
routes_view(run, starting.projects().get(run.request.project), names)
