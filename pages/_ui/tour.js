const KEPT = "switchyard-tour";
const OPEN = "switchyard-tour-open";
const BEGUN = "switchyard-tour-begun";
const PATIENCE_MS = 6000;
const EDGE = 6;

export const standing = (text, count) => {
  const at = text === null ? Number.NaN : Number(text);
  return Number.isInteger(at) && at >= 0 && at < count ? at : null;
};

const GAP = 14;

/* Where the card stands: beside what is framed, on the first side with room for it; where what is
   framed fills the window, at its foot. */
export const placed = (box, card, view) => {
  if (!box) return { left: (view.width - card.width) / 2, top: (view.height - card.height) / 2 };
  const within = (at, size, most) => Math.min(Math.max(at, GAP), most - size - GAP);
  const left = within(box.left, card.width, view.width);
  const top = within(box.top, card.height, view.height);
  const sides = [
    { left, top: box.bottom + GAP },
    { left: box.right + GAP, top },
    { left, top: box.top - card.height - GAP },
    { left: box.left - card.width - GAP, top },
  ];
  const fits = (at) =>
    at.left >= 0 &&
    at.top >= 0 &&
    at.left + card.width <= view.width &&
    at.top + card.height <= view.height;
  const foot = { left: view.width - card.width - GAP, top: view.height - card.height - GAP };
  return sides.find(fits) ?? foot;
};

const go = (path) => {
  if (location.pathname === path) return;
  const links = [...document.querySelectorAll("[data-testid=stSidebarNavLink]")];
  const link = links.find((one) => new URL(one.href).pathname === path);
  if (link) link.click();
  else location.assign(path);
};

const button = (parent, text, act) => {
  const made = parent.appendChild(document.createElement("button"));
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
};

function create(root) {
  const frame = root.appendChild(document.createElement("div"));
  frame.className = "tour-frame";
  const card = root.appendChild(document.createElement("section"));
  card.className = "stop";
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-label", "Guided tour");
  const count = card.appendChild(document.createElement("p"));
  count.className = "count";
  const title = card.appendChild(document.createElement("h2"));
  const text = card.appendChild(document.createElement("p"));
  const tools = card.appendChild(document.createElement("div"));
  tools.className = "tools";

  let steps = [];
  let at = null;
  let shownAt = 0;
  let inView = false;
  let following = 0;

  const keep = () => {
    if (at === null) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, String(at));
  };
  const hide = () => {
    card.hidden = frame.hidden = true;
    cancelAnimationFrame(following);
    following = 0;
  };
  const leave = () => {
    sessionStorage.removeItem(OPEN);
    hide();
  };
  const step = (to) => {
    at = to;
    keep();
    if (at === null) leave();
    else show();
  };
  const back = button(tools, "Back", () => step(at - 1));
  const next = button(tools, "Next", () => step(at + 1 < steps.length ? at + 1 : null));
  next.className = "next";
  button(tools, "Leave", leave);
  card.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
  });

  const follow = () => {
    const part = location.pathname === steps[at].path ? document.querySelector(steps[at].part) : null;
    const box = part?.getBoundingClientRect();
    const visible = box && box.width > 0 && box.height > 0;
    if (visible && !inView) {
      inView = true; // once a step: whoever scrolls on is not pulled back
      if (box.top < 0 || box.bottom > innerHeight) part.scrollIntoView({ block: "center" });
    }
    frame.hidden = !visible;
    if (visible) {
      frame.style.left = `${box.left - EDGE}px`;
      frame.style.top = `${Math.max(box.top - EDGE, 2)}px`;
      frame.style.width = `${box.width + 2 * EDGE}px`;
      frame.style.height = `${Math.min(box.bottom, innerHeight) - Math.max(box.top, 0) + EDGE}px`;
    }
    if (visible || performance.now() - shownAt > PATIENCE_MS) {
      const size = card.getBoundingClientRect();
      const spot = placed(visible ? box : null, size, { width: innerWidth, height: innerHeight });
      card.style.left = `${spot.left}px`;
      card.style.top = `${spot.top}px`;
    }
    following = requestAnimationFrame(follow);
  };
  const show = () => {
    const now = steps[at];
    count.textContent = `${at + 1} of ${steps.length}`;
    title.textContent = now.title;
    text.textContent = now.text;
    back.disabled = at === 0;
    next.textContent = at + 1 < steps.length ? "Next" : "Done";
    shownAt = performance.now();
    inView = false;
    sessionStorage.setItem(OPEN, "yes");
    go(now.path);
    card.hidden = false;
    next.focus({ preventScroll: true });
    if (!following) follow();
  };
  card.hidden = frame.hidden = true;
  return {
    update(data) {
      steps = data.steps;
      at = standing(localStorage.getItem(KEPT), steps.length);
      if (data.begun && sessionStorage.getItem(BEGUN) !== data.begun) {
        sessionStorage.setItem(BEGUN, data.begun); // each click begins it once
        step(at ?? 0);
      } else if (at !== null && sessionStorage.getItem(OPEN) && !following) show();
    },
    drop: hide,
  };
}

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector("div");
  root.tour ??= create(root);
  root.tour.update(data);
  return () => root.tour.drop();
}
