const ON_ITS_WAY = "[data-testid=stFileChipIconSpinner]";
const ACTS = "[data-testid=stBaseButton-primary]";
const ASKED_IN = "[role=dialog], [data-testid=stPopoverBody], [data-testid=stMain]";
const LATE_MS = 300;

const here = (place) => ({
  files: place.querySelectorAll("[data-testid=stFileChip]").length,
  failed: place.querySelectorAll("[data-testid=stFileChipIconError]").length,
});

export default function () {
  let held = null;
  const letGo = () => {
    if (!held || held.place.querySelector(ON_ITS_WAY)) return;
    const { button, place, files, failed } = held;
    held = null;
    watcher.disconnect();
    button.removeAttribute("data-held");
    const now = here(place);
    if (now.files < files || now.failed > failed) return; // taken away or lost: asked for anew
    // What React tells the server of the file goes first.
    requestIdleCallback(() => button.click(), { timeout: LATE_MS });
  };
  const watcher = new MutationObserver(letGo);
  const hold = (event) => {
    const button = event.target.closest?.(ACTS);
    const place = button?.closest(ASKED_IN);
    if (!place?.querySelector(ON_ITS_WAY)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held?.button.removeAttribute("data-held");
    held = { button, place, ...here(place) };
    button.setAttribute("data-held", "");
    watcher.observe(document.body, { childList: true, subtree: true });
  };
  document.addEventListener("click", hold, true);
  return () => {
    document.removeEventListener("click", hold, true);
    watcher.disconnect();
  };
}
