const svg = (paths) =>
  `<svg viewBox="0 0 16 16" aria-hidden="true">${paths.map((d) => `<path d="${d}"/>`).join("")}</svg>`;

const ICON = {
  up: svg(["M8 13V3.5", "M4 7l4-4 4 4"]),
  down: svg(["M8 3v9.5", "M4 9l4 4 4-4"]),
  duplicate: svg(["M6 6h7v7H6z", "M3.5 10H3V3h7v.5"]),
  toggle: svg(["M8 2v6", "M4.5 4.5a5 5 0 1 0 7 0"]),
  remove: svg(["M3 4.5h10", "M6.5 4.5V3h3v1.5", "M4.5 4.5l.5 8.500h6l.5-8.500", "M7 7v3.500M9 7v3.500"]),
  error: svg(["M5.500 2h5L14 5.500v5L10.500 14h-5L2 10.500v-5z", "M8 5v3.500M8 11v0"]),
  warning: svg(["M8 2.500 14.500 13.500H1.500z", "M8 6.500v3M8 11.500v0"]),
  grip: svg(["M6 4v0M6 8v0M6 12v0M10 4v0M10 8v0M10 12v0"]),
};
const TOOLS = [
  ["up", (n) => `Move rule ${n} up`],
  ["down", (n) => `Move rule ${n} down`],
  ["duplicate", (n) => `Duplicate rule ${n}`],
  ["toggle", (n, on) => `Switch rule ${n} ${on ? "off" : "on"}`],
  ["remove", (n) => `Remove rule ${n}`],
];
const GAP = 4;
const EDGE = 36;
const SETTLE_MS = 60;
const WINDOW = "max(22rem, calc(100vh - 20rem))"; // what stands above the list, and a little below

const lists = new WeakMap();

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".rules");
  if (!lists.has(root)) lists.set(root, create(root, parentElement));
  const list = lists.get(root);
  list.update(data, (action) => setStateValue("action", action));
  return list.leave;
}

function create(root, tree) {
  root.innerHTML = `<div class="list" role="list" aria-label="Rules, first match wins">
    <div class="scroll" role="none"><div class="line" role="none" hidden></div></div><p class="more" aria-hidden="true" hidden></p></div>
    <div class="said" role="status"></div>`;
  const listing = root.querySelector(".list");
  const scroll = root.querySelector(".scroll");
  const unseen = root.querySelector(".more");
  const line = root.querySelector(".line");
  const said = root.querySelector(".said");
  const cards = new Map();
  let order = [];
  let otherwise;
  let selected;
  let current;
  let drag = null;

  // One action at a time, each confirmed by its nonce: a value sent while the last one is
  // unread would replace it, and one sent while the page acts on it could stop that.
  const queue = [];
  let pending = null;
  let count = 0;
  let transmit;
  function send(name, rule, more = {}) {
    const nonce = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}-${(count += 1)}`;
    queue.push({ name, rule, ...more, nonce });
    flush();
  }
  function flush() {
    if (pending || !queue.length) return;
    pending = queue.shift();
    transmit(pending);
  }
  function confirm(nonce) {
    setTimeout(() => {
      if (pending?.nonce !== nonce) return;
      pending = null;
      flush();
    }, SETTLE_MS);
  }

  function build(id) {
    const node = document.createElement("div");
    node.setAttribute("role", "listitem");
    node.dataset.rule = id;
    node.innerHTML = `<span class="grip" aria-hidden="true" title="Drag to move">${ICON.grip}</span>
      <button type="button" class="body" data-do="select"><span class="number"></span>
      <span class="words"><span class="sentence"></span><span class="was"></span><span class="base"></span><span class="meta"><span class="problem" role="img"></span>
      <span class="off">off</span><span class="label"></span><span class="target"></span></span></span>
      <span class="numbers"><span class="sum"><span class="count"></span><span class="share"></span></span>
      <span class="bar"><i></i></span><span class="range"></span><span class="before"></span></span></button>
      <div class="tools">${TOOLS.map(([name]) => `<button type="button" data-do="${name}">${ICON[name]}</button>`).join("")}</div>`;
    const part = {};
    for (const el of node.querySelectorAll("[class]")) part[el.classList[0]] = el;
    part.buttons = [...node.querySelectorAll("button")];
    return { id, node, part, shown: "" };
  }

  function paint(card, value, isElse, isLast) {
    const shown = JSON.stringify([value, isLast]);
    if (shown === card.shown) return;
    card.shown = shown;
    const { node, part } = card;
    node.className = `card${isElse ? " else" : ""}${value.enabled ? "" : " muted"}`;
    node.style.setProperty("--edge", value.color);
    node.style.setProperty("--fraction", value.fraction);
    part.number.textContent = isElse ? "" : value.number;
    part.sentence.textContent = part.sentence.title = value.sentence;
    part.label.textContent = value.label;
    part.target.textContent = part.target.title = `→ ${value.target}`;
    part.count.textContent = value.enabled ? value.count : "";
    part.share.textContent = value.enabled ? value.share : "";
    part.range.textContent = value.enabled ? value.range : "";
    part.was.textContent = part.was.title = value.was;
    part.before.textContent = value.enabled ? value.before : "";
    part.base.textContent = part.base.title = value.enabled ? value.base : "";
    part.off.hidden = value.enabled;
    part.problem.hidden = !value.problem;
    part.problem.className = `problem ${value.problem}`;
    part.problem.innerHTML = ICON[value.problem] ?? "";
    part.problem.title = value.problem_text;
    part.problem.setAttribute("aria-label", `${value.problem}: ${value.problem_text}`);
    if (isElse) {
      node.querySelector(".grip")?.remove();
      node.querySelector(".tools")?.remove();
      part.buttons = [part.body];
      return;
    }
    TOOLS.forEach(([name, text], i) => {
      const button = part.buttons[i + 1];
      button.title = text(value.number, value.enabled);
      button.setAttribute("aria-label", button.title);
      button.disabled = (name === "up" && value.number === 1) || (name === "down" && isLast);
    });
  }

  function update(data, sender) {
    transmit = sender;
    root.style.maxHeight = listing.style.maxHeight = data.height ? `${data.height}px` : WINDOW;
    const focused = tree.activeElement;
    const home = focused?.closest(".card")?.dataset.rule;
    const place = everyone().indexOf(home);
    const before = order;

    order = data.cards.map((value) => value.id);
    const all = [...data.cards, data.otherwise];
    for (const [id, card] of cards) {
      if (all.some((value) => value.id === id)) continue;
      card.node.remove();
      cards.delete(id);
    }
    all.forEach((value, i) => {
      const isElse = i === order.length;
      if (!cards.has(value.id)) cards.set(value.id, build(value.id));
      const card = cards.get(value.id);
      paint(card, value, isElse, i === order.length - 1);
      const parent = isElse ? listing : scroll;
      const wanted = isElse ? null : (parent.children[i] ?? line);
      if (card.node.parentNode !== parent || (wanted && wanted !== card.node)) parent.insertBefore(card.node, wanted);
    });
    if (drag && before.join("\n") !== order.join("\n")) endDrag(false);
    otherwise = data.otherwise.id;

    for (const [id, card] of cards) {
      card.node.classList.toggle("selected", id === data.selected);
      card.part.body.ariaCurrent = id === data.selected ? "true" : null;
    }
    listing.style.setProperty("--gutter", `${scroll.offsetWidth - scroll.clientWidth}px`);
    below();
    const changed = data.selected !== selected;
    const moved = before.indexOf(data.selected) !== order.indexOf(data.selected);
    selected = data.selected;
    if (order.includes(selected) && (moved || changed)) reveal(selected);
    if (home !== undefined) keepFocus(focused, home, place, before);
    else if (changed) current = selected;
    rove([current, selected, everyone()[0]].find((id) => cards.has(id)));
    confirm(data.done);
  }

  // How many rules are out of view; where scroll bars are hidden, nothing else says so.
  function below() {
    const end = scroll.scrollTop + scroll.clientHeight;
    const rest = order.filter((id) => {
      const node = cards.get(id)?.node;
      return node && node.offsetTop + node.offsetHeight - 6 > end;
    }).length;
    unseen.hidden = !rest;
    unseen.textContent = rest === 1 ? "1 more rule below" : `${rest} more rules below`;
  }

  // Moving or removing a focused node, or disabling it, throws the focus back to the page.
  function keepFocus(focused, home, place, before) {
    const ids = everyone();
    if (!cards.has(home)) return focus(ids[Math.min(place, ids.length - 1)]);
    if (focused.disabled) focus(home);
    else if (tree.activeElement !== focused) focused.focus({ preventScroll: true });
    const at = order.indexOf(home);
    if (at < 0 || at === before.indexOf(home)) return;
    reveal(home);
    said.textContent = `Now rule ${at + 1} of ${order.length}`;
  }
  const everyone = () => [...order, otherwise];
  const focus = (id) => cards.get(id)?.part.body.focus();

  // Not scrollIntoView: that would also scroll the page around the list.
  function reveal(id) {
    const { offsetTop: top, offsetHeight: size } = cards.get(id).node;
    if (top < scroll.scrollTop) scroll.scrollTop = top;
    else if (top + size > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = top + size - scroll.clientHeight;
  }

  // One card is in the tab order at a time; otherwise 50 rules would be 300 stops.
  function rove(id) {
    current = id;
    for (const [other, { part }] of cards) for (const b of part.buttons) b.tabIndex = other === id ? 0 : -1;
  }
  root.addEventListener("focusin", (event) => rove(event.target.closest(".card")?.dataset.rule ?? current));

  root.addEventListener("click", (event) => {
    const what = event.target.closest("[data-do]")?.dataset.do;
    if (!what) return;
    const id = event.target.closest(".card").dataset.rule;
    if (what === "up" || what === "down") send("move", id, { by: what === "up" ? -1 : 1 });
    else send(what, id);
  });

  root.addEventListener("keydown", (event) => {
    const id = event.target.closest(".card")?.dataset.rule;
    if (id === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const ids = everyone();
    const at = ids.indexOf(id);
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const isRule = at < order.length;
    if (event.altKey && step) {
      const fits = isRule && at + step >= 0 && at + step < order.length;
      // A held key repeats faster than the server answers; do not run on after it is let go.
      if (fits && !(event.repeat && pending)) send("move", id, { by: step });
    } else if (event.altKey) return;
    else if (step) focus(ids[at + step]);
    else if (event.key === "Home") focus(ids[0]);
    else if (event.key === "End") focus(ids.at(-1));
    else if (event.key === "Delete" && isRule && !event.repeat) send("remove", id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  root.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".grip");
    if (!grip || event.button !== 0 || drag) return;
    event.preventDefault();
    const id = grip.closest(".card").dataset.rule;
    const from = order.indexOf(id);
    drag = { id, from, to: from, y: event.clientY };
    grip.setPointerCapture(event.pointerId);
    root.classList.add("dragging");
    cards.get(id).node.classList.add("lifted");
    window.addEventListener("keydown", escape, true);
    drag.frame = requestAnimationFrame(glide);
  });
  root.addEventListener("pointermove", (event) => {
    if (!drag) return;
    drag.y = event.clientY;
    aim();
  });
  scroll.addEventListener("scroll", () => {
    below();
    if (drag) aim();
  });
  root.addEventListener("pointerup", () => drag && endDrag(true));
  root.addEventListener("pointercancel", () => drag && endDrag(false));
  function escape(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    endDrag(false);
  }
  function aim() {
    const boxes = order.map((id) => cards.get(id).node.getBoundingClientRect());
    const slot = boxes.filter((box) => box.top + box.height / 2 < drag.y).length;
    drag.to = slot > drag.from ? slot - 1 : slot;
    line.hidden = drag.to === drag.from;
    const { offsetTop: top, offsetHeight: size } = cards.get(order[Math.min(slot, order.length - 1)]).node;
    line.style.top = `${Math.max(0, (slot === order.length ? top + size : top - GAP) + GAP / 2 - 1.5)}px`;
  }
  function glide() {
    if (!drag) return;
    const box = scroll.getBoundingClientRect();
    const over = Math.min(0, drag.y - box.top - EDGE) + Math.max(0, drag.y - box.bottom + EDGE);
    if (over) scroll.scrollTop += Math.max(-14, Math.min(14, over / 3));
    drag.frame = requestAnimationFrame(glide);
  }
  function endDrag(drop) {
    const { id, from, to, frame } = drag;
    drag = null;
    cancelAnimationFrame(frame);
    window.removeEventListener("keydown", escape, true);
    root.classList.remove("dragging");
    cards.get(id)?.node.classList.remove("lifted");
    line.hidden = true;
    if (drop && to !== from) send("move", id, { to });
  }

  return { update, leave: () => drag && endDrag(false) };
}
