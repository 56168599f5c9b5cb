const ON_ITS_WAY = "[data-testid=stFileChipIconSpinner]";
const FAILED = "[data-testid=stFileChipIconError]";
const CHIP = "[data-testid=stFileChip]";
const ACTS = "[data-testid=stBaseButton-primary]";
const TAKES = "[data-testid=stFileUploaderDropzone], input[type=file]";
const ASKED_IN = "[role=dialog], [data-testid=stPopoverBody], [data-testid=stMain]";
const PATIENCE_MS = 5000;
const AGAIN_MS = 100;

const count = (place, what) => place.querySelectorAll(what).length;
const chips = (place) => [...place.querySelectorAll(CHIP)];
const areSame = (some, others) => some.length === others.length && some.every((one, n) => one === others[n]);

export default function () {
  let chosen = null; // where a file was, until it is shown: the server says first where it goes
  let held = null; // the click that waits
  let soon = null;

  const isComing = (place) => chosen?.place === place || count(place, ON_ITS_WAY) > 0;

  const release = () => {
    clearTimeout(soon);
    held?.button.removeAttribute("data-held");
    held = null;
  };

  const shown = () => {
    clearTimeout(chosen?.late);
    chosen = null;
  };

  // What tells the server of the file goes first, and a button may wait for the answer.
  const press = (button, until) => {
    if (!button.isConnected || Date.now() > until) return;
    if (button.disabled) soon = setTimeout(press, AGAIN_MS, button, until);
    else button.click();
  };

  const look = () => {
    if (chosen && !areSame(chosen.chips, chips(chosen.place))) shown();
    if (held) {
      const { button, place } = held;
      const files = chips(place).length;
      held.files = Math.max(held.files, files);
      if (!button.isConnected) release();
      else if (!isComing(place)) {
        const isThere = files === held.files && count(place, FAILED) <= held.failed;
        release();
        if (isThere) soon = setTimeout(press, AGAIN_MS, button, Date.now() + PATIENCE_MS);
      }
    }
    if (!chosen && !held) watcher.disconnect();
  };
  const watcher = new MutationObserver(look);
  const watch = () => watcher.observe(document.body, { childList: true, subtree: true });

  const choose = (event) => {
    const place = event.target.closest?.(TAKES)?.closest(ASKED_IN);
    if (!place) return;
    shown();
    const late = setTimeout(() => {
      release();
      shown();
      watcher.disconnect();
    }, PATIENCE_MS);
    chosen = { place, chips: chips(place), late };
    watch();
  };

  const hold = (event) => {
    const button = event.target.closest?.(ACTS);
    const place = button?.closest(ASKED_IN);
    if (!place) return;
    release();
    if (!isComing(place)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held = { button, place, files: chips(place).length, failed: count(place, FAILED) };
    button.setAttribute("data-held", "");
    watch();
  };

  const hears = { click: hold, change: choose, drop: choose };
  for (const [what, act] of Object.entries(hears)) document.addEventListener(what, act, true);
  return () => {
    for (const [what, act] of Object.entries(hears)) document.removeEventListener(what, act, true);
    release();
    shown();
    watcher.disconnect();
  };
}
