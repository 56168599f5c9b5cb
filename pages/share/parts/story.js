const SVG = "http://www.w3.org/2000/svg";
const NONE = -1;
const SEND_MS = 200;
const SLOT = 42; // height of a stage's two lines of text beside the flow
const GAP = 8;
const MINUS = "−";
const MOST_ROWS = 8;
const NAMES = 230; // room for the names, right of the flow
const ROOM = { sum: 7, change: 22, escaped: 24 }; // letters in a line of the cost; more are smaller

// ---- the same arithmetic as `core/scenario/lever_table.py`, in the same order ----------------

export const expected = (table, levers, at) => {
  const sums = Array.from({ length: table.targets }, () => 0);
  const left = Float64Array.from(table.counts);
  const total = () => left.reduce((sum, one) => sum + one, 0);
  const value = (lever) => levers[lever].values[at[lever]];
  for (const [place, step] of table.steps.entries()) {
    if (step.switch !== NONE && !value(step.switch)) continue;
    if (step.chance !== null) {
      const chance = step.share === NONE ? step.chance : value(step.share);
      sums[step.target] += total() * chance;
      for (let row = 0; row < left.length; row += 1) left[row] *= 1 - chance;
      continue;
    }
    const least = step.least === NONE ? null : table.bins[step.least];
    const most = step.most === NONE ? null : table.bins[step.most];
    for (let row = 0; row < left.length; row += 1) {
      const matches = step.bit === NONE ? table.stops[row] === place : (table.matched[row] >> step.bit) & 1;
      if (!matches) continue;
      if (least && !(at[step.least] < least[row])) continue;
      if (most && !(at[step.most] >= most[row])) continue;
      sums[step.target] += left[row];
      left[row] = 0;
    }
  }
  sums[table.otherwise] += total();
  if (table.scale === NONE || !table.tasks) return sums;
  return sums.map((one) => (one * value(table.scale)) / table.tasks);
};

// ---- the same as `core/scenario/cost.py` and the prices of `core/sampling/cost.py` ---------------

const NEARLY = 0.05;

// Prices and error rate where the levers stand; null where no cost can be told.
export const pricesAt = (cost, levers, at) => {
  const value = (lever, otherwise) => (lever === NONE ? otherwise : levers[lever].values[at[lever]]);
  const unset = cost.unset && at[cost.rate] === levers[cost.rate].own;
  const rate = unset ? null : value(cost.rate, cost.shown);
  if (rate === null || cost.missing) return null;
  const [review, escape, rework] = ["review", "escape", "rework"].map((name) => value(cost.prices[name], 0));
  return {
    rate,
    reviewed: review + rate * (cost.catch * rework + (1 - cost.catch) * escape),
    alone: rate * escape,
    review,
    saved: cost.catch * (escape - rework),
  };
};

export const costs = (cost, sums, prices) => {
  let [reviewed, alone] = [0, 0];
  for (const [place, tasks] of sums.entries()) {
    if (cost.reviews[place]) reviewed += tasks;
    else alone += tasks;
  }
  const of = (some, others) => ({ money: some * prices.reviewed + others * prices.alone, escaped: others * prices.rate });
  return { now: of(reviewed, alone), before: of(...cost.before) };
};

const breakEven = ({ review, saved }) => {
  if (saved <= 0) return review > 0 || saved < 0 ? null : 0;
  return review / saved <= 1 ? review / saved : null;
};

export const costWords = (cost, prices) => {
  if (!prices) return cost.missing || cost.unknown;
  const [edge, none, every] = [breakEven(prices), prices.alone, prices.reviewed];
  if (none === 0 && every === 0) return "At these prices nothing costs anything: set one to see when review pays.";
  const reach = none === every ? 1 : Math.min(1, (NEARLY * Math.min(none, every)) / Math.abs(every - none));
  const pays = edge === null ? "never pays at these prices" : `pays from ${shareLabel(edge)} wrong tasks on`;
  const flat = (words) => {
    if (!reach) return "";
    return reach === 1 ? ", and no share costs over 5 % more" : ` (${words} at most 5 % more)`;
  };
  let least = "any share of reviews costs the same";
  if (every < none) least = `reviewing all costs least${flat(`from ${shareLabel(1 - reach)} on`)}`;
  if (every > none) least = `reviewing none costs least${flat(`up to ${shareLabel(reach)}`)}`;
  return `Review ${pays}. At ${shareLabel(prices.rate)}, ${least}.`;
};

// ---- numbers as `core/model/figures.py` writes them --------------------------------------------

export const whole = (number) => {
  const near = Math.round(number * 1e6) / 1e6; // adding floats in another order changes no digit
  const rounded = Math.round(near);
  return Math.abs(near % 1) === 0.5 && rounded % 2 ? rounded - 1 : rounded;
};
const text = (number) => Math.abs(number).toLocaleString("en-US");
const counted = (number) => `${number < 0 ? MINUS : ""}${text(number)}`;
const signed = (number) => (number > 0 ? `+${text(number)}` : counted(number));

// A sum of money, what changed, and what it is held against: whole where one of both is 100 or more.
export const moneyTexts = (now, before) => {
  const near = [now, before].map((one) => Math.round(one * 1e6) / 1e6);
  const digits = near.some((one) => Math.abs(one) >= 100) ? 0 : 2;
  // an eighth lies between two hundredths: it goes to the even one, as in Python
  const cents = (one) => Number((Number.isInteger(one * 8) ? whole(one * 100) / 100 : one).toFixed(2));
  const [shownNow, shownBefore] = near.map(digits ? cents : whole);
  const decimals = (one) => Math.abs(one).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const difference = Number((shownNow - shownBefore).toFixed(digits));
  const changed = difference > 0 ? `+${decimals(difference)}` : `${MINUS}${decimals(difference)}`;
  return [decimals(shownNow), difference ? changed : decimals(0), decimals(shownBefore)];
};

export const shareLabels = (counts) => {
  const sum = counts.reduce((all, one) => all + one, 0) || 1;
  const exact = counts.map((one) => Math.round((one / sum) * 1e9) / 1e6);
  const units = exact.map(Math.floor);
  const missing = Math.round(exact.reduce((all, one) => all + one, 0)) - units.reduce((all, one) => all + one, 0);
  const order = exact.map((_, place) => place).toSorted((a, b) => units[a] - exact[a] - (units[b] - exact[b]));
  for (const place of order.slice(0, missing)) units[place] += 1;
  return units.map((one, place) => {
    if (exact[place] > 0 && !one) return "<0.1 %";
    if (exact[place] < 1000 && one >= 1000) return ">99.9 %";
    return `${(one / 10).toFixed(1)} %`;
  });
};

const shareLabel = (share) => {
  const exact = Math.round(share * 1e9) / 1e6;
  const units = whole(exact);
  if (exact > 0 && !units) return "<0.1 %";
  if (exact < 1000 && units >= 1000) return ">99.9 %";
  return `${(units / 10).toFixed(1)} %`;
};

// ---- drawing ----------------------------------------------------------------------------------

const element = (parent, tag, name = "", words = "") => {
  const node = parent.appendChild(document.createElement(tag));
  if (name) node.className = name;
  node.textContent = words;
  return node;
};
const drawn = (parent, tag, attributes, words = "") => {
  const node = parent.appendChild(document.createElementNS(SVG, tag));
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.textContent = words;
  return node;
};

// Pixels per task, so that all slots together fill the height; small stages keep room for their name.
const scaleOf = (sizes, height) => {
  const room = height - GAP * (sizes.length - 1);
  const sum = sizes.reduce((all, one) => all + one, 0) || 1;
  let [low, high] = [0, room / sum];
  for (let turn = 0; turn < 40; turn += 1) {
    const middle = (low + high) / 2;
    const filled = sizes.reduce((all, one) => all + Math.max(SLOT, one * middle), 0);
    if (filled > room) high = middle;
    else low = middle;
  }
  return low;
};

const band = (x0, y0, x1, y1, size) => {
  const middle = (x0 + x1) / 2;
  return `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}v${size}C${middle} ${y1 + size} ${middle} ${y0 + size} ${x0} ${y0 + size}z`;
};

const fitted = (words, pixels) => {
  const most = Math.max(6, Math.floor(pixels / 8.2));
  return words.length <= most ? words : `${words.slice(0, most - 1).trimEnd()}…`;
};

// Stages beside the flow in their order; the smallest of many are one row.
const rowsOf = (targets, counts) => {
  const labels = shareLabels(counts);
  const all = targets.map((target, place) => ({ ...target, count: counts[place], share: labels[place] }));
  const rows = all.filter((one) => one.count >= 0.05 || one.before >= 0.05);
  if (rows.length <= MOST_ROWS) return rows;
  const weight = (one) => (one.large ? Infinity : Math.max(one.count, one.before));
  const kept = new Set(rows.toSorted((a, b) => weight(b) - weight(a)).slice(0, MOST_ROWS - 1));
  const rest = rows.filter((one) => !kept.has(one));
  const sum = (key) => rest.reduce((most, one) => most + one[key], 0);
  const other = { name: `${rest.length} other stages`, color: "#8A9099", before: sum("before"), count: sum("count") };
  const [share] = shareLabels([other.count, ...[...kept].map((one) => one.count)]);
  return [...rows.filter((one) => kept.has(one)), { ...other, share }];
};

// Drawn for an ordinary screen and enlarged on a wide one, so that names can be read from afar.
const drawFlow = (svg, wide, targets, counts) => {
  const rows = rowsOf(targets, counts);
  const least = rows.length * (SLOT + GAP) + 30;
  svg.style.minHeight = `${least}px`;
  const high = Math.max(least, svg.clientHeight);
  const zoom = Math.min(1.7, Math.max(1, Math.min(wide / 700, high / 330, high / least)));
  const [width, height] = [wide / zoom, high / zoom];
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const larger = (one) => Math.max(one.count, one.before); // what was before has room, too
  const scale = scaleOf(rows.map(larger), height);
  const total = rows.reduce((all, one) => all + one.count * scale, 0);
  const right = width - NAMES;
  let from = (height - total) / 2;
  let to = 0;
  drawn(svg, "rect", { class: "source", x: 0, y: from, width: 12, height: Math.max(1, total), rx: 3 });
  for (const one of rows) {
    const size = one.count * scale;
    const slot = Math.max(SLOT, larger(one) * scale);
    const top = to + (slot - size) / 2;
    if (size > 0) {
      drawn(svg, "path", { class: "band", d: band(12, from, right, top, size), fill: one.color });
      drawn(svg, "rect", { x: right, y: top, width: 10, height: Math.max(1, size), rx: 2, fill: one.color });
    }
    const middle = to + slot / 2;
    const before = one.before * scale;
    const change = whole(one.count) - whole(one.before);
    if (change)
      drawn(svg, "rect", { class: "before", x: right + 13, y: middle - before / 2, width: 3, height: Math.max(1, before) });
    const name = drawn(svg, "text", { class: "name", x: right + 26, y: middle - 4 }, fitted(one.name, NAMES - 26));
    drawn(name, "title", {}, one.name);
    const numbers = drawn(svg, "text", { class: "sum", x: right + 26, y: middle + 16 }, `${counted(whole(one.count))} · ${one.share}`);
    if (change) drawn(numbers, "tspan", { class: "change", dx: 8 }, signed(change));
    from += size;
    to += slot + GAP;
  }
  svg.setAttribute("aria-label", rows.map((one) => `${one.name}: ${counted(whole(one.count))} tasks, ${one.share}`).join("; "));
};

const stories = new WeakMap();

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".story");
  if (!stories.has(root)) stories.set(root, create(root));
  const story = stories.get(root);
  story.update(data, (action) => setStateValue("action", action));
  return story.leave;
}

function create(root) {
  const head = element(root, "div", "head");
  const titles = element(head, "div", "titles");
  const title = element(titles, "h2");
  const against = element(titles, "p", "against");
  const tools = element(head, "div", "tools");
  const button = (words, hint, act, name = "") => {
    const node = element(tools, "button", name, words);
    node.type = "button";
    node.title = hint;
    node.addEventListener("click", act);
    return node;
  };
  const apply = button("Apply to draft", "Change the rules as the levers stand; undo takes it back", () => send("apply"), "main");
  const reset = button("Reset", "All levers back to what the rules have, prices to where they start", () => put(shown.levers.map((one) => one.own)));
  const copy = button("Copy link", "The address opens this view with the levers where they are", copyLink);
  const full = button("Full screen", "Escape leaves it", toggleFull);
  button("Print", "One page, A4 across", () => globalThis.print());
  const numbers = element(root, "div", "numbers");
  const prices = element(root, "div", "prices");
  prices.setAttribute("role", "group");
  prices.setAttribute("aria-label", "What things cost");
  const knobs = element(prices, "div", "knobs");
  const pays = element(prices, "p", "pays");
  const main = element(root, "div", "main");
  const panel = element(main, "div", "levers");
  const figure = element(main, "figure", "flow");
  const caption = element(figure, "figcaption");
  const svg = drawn(figure, "svg", { role: "img" });
  const foot = element(root, "div", "foot");
  element(foot, "h3", "", "What this rests on");
  const list = element(foot, "ul");
  const aside = element(root, "aside", "notes");
  aside.setAttribute("aria-label", "Notes for the presenter");
  element(aside, "h3", "", "Only you see this");
  const notes = element(aside, "p");
  const status = element(root, "div", "said");
  status.setAttribute("role", "status");

  let shown = null;
  let at = [];
  let epoch;
  let transmit;
  let count = 0;
  let timer;
  let controls = [];
  let cards = [];
  let money = null;

  function update(data, act) {
    transmit = act;
    shown = data;
    title.textContent = data.title;
    against.textContent = data.against;
    list.replaceChildren(...data.assumptions.map((words) => {
      const item = document.createElement("li");
      item.textContent = words;
      return item;
    }));
    aside.hidden = data.notes === null;
    notes.textContent = data.notes || "No notes yet; write them below, under the levers.";
    if (epoch !== data.epoch) {
      epoch = data.epoch;
      clearTimeout(timer);
      at = data.levers.map((one) => one.at);
      build();
    }
    draw();
  }

  function build() {
    panel.replaceChildren();
    knobs.replaceChildren();
    prices.hidden = !shown.cost;
    root.classList.toggle("priced", Boolean(shown.cost));
    const alone = shown.levers.every((one) => one.cost);
    controls = shown.levers.map((lever, place) => {
      const box = element(lever.cost && !alone ? knobs : panel, "div", `lever ${lever.kind}`);
      const line = element(box, "div", "line");
      const label = element(line, "label", "", lever.name);
      const value = element(line, "output");
      const last = lever.labels.length - 1;
      if (lever.kind === "switch") {
        const node = element(box, "button", "switch");
        node.type = "button";
        node.setAttribute("role", "switch");
        node.setAttribute("aria-label", lever.name);
        node.addEventListener("click", () => move(place, 1 - at[place], true));
        element(node, "i");
        element(box, "span", "own", lever.start);
        return { value, node, show: () => node.setAttribute("aria-checked", String(at[place] === 1)) };
      }
      const node = element(box, "input");
      Object.assign(node, { type: "range", min: 0, max: last, step: 1, id: `lever-${place}` });
      label.htmlFor = node.id;
      node.addEventListener("input", () => move(place, Number(node.value), false));
      node.addEventListener("change", () => later("move"));
      const marks = element(box, "div", "marks");
      element(marks, "span", "", lever.ends[0]);
      element(marks, "span", "own", lever.start);
      element(marks, "span", "", lever.ends[1]);
      box.style.setProperty("--own", lever.own / last);
      const [before, behind] = lever.ends.map((end) => end.length + lever.start.length / 2 + 1);
      box.style.setProperty("--before", `${before}ch`); // digits are as wide as any of its letters
      box.style.setProperty("--behind", `${behind}ch`);
      const show = () => {
        node.value = at[place];
        node.setAttribute("aria-valuetext", lever.labels[at[place]]);
        box.style.setProperty("--at", at[place] / last);
      };
      return { value, node, show };
    });
    numbers.replaceChildren();
    cards = shown.stages.map((stage, place) => {
      if (!stage.large) return null;
      const card = element(numbers, "div", "card");
      card.style.setProperty("--color", stage.color);
      const name = element(card, "div", "name", stage.name);
      name.title = stage.name;
      return { place, sum: element(card, "div", "sum"), change: element(card, "div", "change") };
    }).filter(Boolean);
    money = null;
    if (!shown.cost) return;
    const card = element(numbers, "div", "card money");
    element(card, "div", "name", "Cost").title = "In the currency of the prices";
    card.style.setProperty("--color", "var(--ink)");
    money = {
      sum: element(card, "div", "sum"),
      change: element(card, "div", "change"),
      escaped: element(card, "div", "escaped"),
    };
  }

  function drawCost(sums) {
    const each = pricesAt(shown.cost, shown.levers, at);
    pays.textContent = costWords(shown.cost, each);
    for (const node of Object.values(money)) node.replaceChildren();
    writeCost(sums, each);
    for (const [part, most] of Object.entries(ROOM))
      money[part].style.setProperty("--fit", Math.min(1, most / money[part].textContent.length));
  }

  function writeCost(sums, each) {
    if (!each) {
      money.sum.textContent = "–";
      money.change.textContent = "cannot be told";
      money.escaped.textContent = "\u00A0";
      return;
    }
    const { now, before } = costs(shown.cost, sums, each);
    const [sum, difference, was] = moneyTexts(now.money, before.money);
    money.sum.textContent = sum;
    if (sum === was) money.change.textContent = "as before";
    else {
      element(money.change, "b", "", difference);
      money.change.append(` from ${was}`);
    }
    const [escaped, change] = [whole(now.escaped), whole(now.escaped) - whole(before.escaped)];
    money.escaped.textContent = `${counted(escaped)} ${escaped === 1 ? "error escapes" : "errors escape"}`;
    if (change) element(money.escaped, "b", "", ` ${signed(change)}`);
  }

  function draw() {
    const sums = expected(shown.table, shown.levers, at);
    const counts = shown.stages.map((stage) => (stage.place === NONE ? 0 : sums[stage.place]));
    for (const { place, sum, change } of cards) {
      const [now, was] = [whole(counts[place]), whole(shown.stages[place].before)];
      sum.textContent = counted(now);
      change.replaceChildren();
      if (now === was) change.textContent = "as before";
      else {
        element(change, "b", "", signed(now - was));
        change.append(` from ${counted(was)}`);
      }
    }
    if (money) drawCost(sums);
    for (const [place, control] of controls.entries()) {
      control.show();
      control.value.textContent = shown.levers[place].labels[at[place]];
      control.value.classList.toggle("moved", at[place] !== shown.levers[place].own);
    }
    const sum = counts.reduce((all, one) => all + one, 0);
    caption.textContent = `Where ${counted(whole(sum))} tasks go`;
    const width = figure.clientWidth || 640;
    drawFlow(svg, width, shown.stages, counts);
    const still = shown.levers.every((one, place) => at[place] === one.own);
    reset.disabled = still;
    apply.disabled = shown.levers.every((one, place) => !one.rules || at[place] === one.own);
  }

  function move(place, to, done) {
    at[place] = to;
    draw();
    if (done) later("move");
  }
  function put(places) {
    at = [...places];
    draw();
    later("move");
  }
  // A held arrow key lets a lever go at every step; only where it stops is worth an address.
  function later(name) {
    clearTimeout(timer);
    timer = setTimeout(() => send(name), SEND_MS);
    const words = cards.map(({ place, sum }) => `${shown.stages[place].name} ${sum.textContent}`);
    if (money) words.push(`Cost ${money.sum.textContent}, ${money.escaped.textContent}`);
    status.textContent = words.join(", ");
  }
  function send(name) {
    clearTimeout(timer);
    count += 1;
    const nonce = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}-${count}`;
    transmit({ name, at: [...at], epoch, nonce });
  }

  async function copyLink() {
    try {
      await navigator.clipboard.writeText(globalThis.location.href);
      copy.textContent = "Copied";
    } catch {
      copy.textContent = "Copy it from the address bar";
    }
    setTimeout(() => {
      copy.textContent = "Copy link";
    }, 2500);
  }
  function toggleFull() {
    if (document.fullscreenElement) document.exitFullscreen();
    else root.requestFullscreen();
  }
  const fullChanged = () => {
    full.textContent = root.matches(":fullscreen") ? "Leave full screen" : "Full screen";
    if (shown) draw();
  };
  document.addEventListener("fullscreenchange", fullChanged);
  const watcher = new ResizeObserver(() => shown && draw());
  watcher.observe(figure);

  // Streamlit calls this before each update, too; a lever that was just let go must still be told.
  return { update, leave: () => {} };
}
