const LINE = 20;
const SPARE = 8;
const LEVELS = ["All levels", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];
const RANK = { DEBUG: 1, INFO: 2, WARNING: 3, WARN: 3, ERROR: 4, CRITICAL: 5, FATAL: 5 };

const views = new WeakMap();

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".logs");
  if (!views.has(root)) views.set(root, create(root));
  views.get(root).update(data, (have) => setStateValue("have", have));
  return () => views.delete(root);
}

// The server sends what comes after the last line that is here, in pieces; each piece is asked for
// by reporting that line. A piece that does not join is not taken, and the report is repeated.
function create(root) {
  root.innerHTML = `<div class="tools"><label>Level <select aria-label="Least level">
    ${LEVELS.map((name, i) => `<option value="${i}">${i > 1 ? `${name} and above` : name}</option>`).join("")}</select></label>
    <input type="search" placeholder="Search the log" aria-label="Search the log">
    <label><input type="checkbox" class="follow" checked> Follow</label><span class="count" role="status"></span></div>
    <div class="view" tabindex="0" role="log" aria-label="Log of the run"><div class="tall"></div></div>
    <pre class="whole" hidden></pre>`;
  const part = (name) => root.querySelector(name);
  const [level, search, follow, count, view, tall, whole] =
    ["select", "[type=search]", ".follow", ".count", ".view", ".tall", ".whole"].map(part);
  const instance = Math.random().toString(36).slice(2);
  let run = null;
  let lines = [];
  let shown = [];
  let chosen = null;
  let reported = "";

  const last = () => (lines.length ? lines[lines.length - 1][0] : 0);

  // Lines that pass the filter in force. What has passed once is not looked at again: a line that
  // comes is filtered when it comes, and all are only when somebody changes the filter.
  function passing(some) {
    const least = Number(level.value);
    const wanted = search.value.toLowerCase();
    return some.filter(([, , name, text, folded]) =>
      (RANK[name.toUpperCase()] ?? 2) >= least &&
      (!wanted || text.toLowerCase().includes(wanted) || folded.toLowerCase().includes(wanted)));
  }
  function filter() {
    shown = passing(lines);
    draw();
  }
  function add(some) {
    for (const line of some) lines.push(line);
    for (const line of passing(some)) shown.push(line);
    draw();
  }
  function draw() {
    const filtered = shown.length !== lines.length;
    const all = `${lines.length.toLocaleString("en")} line${lines.length === 1 ? "" : "s"}`;
    count.textContent = filtered ? `${shown.length.toLocaleString("en")} of ${all}` : all;
    tall.style.height = `${shown.length * LINE}px`;
    if (follow.checked) view.scrollTop = view.scrollHeight;
    paint();
  }
  function paint() {
    const first = Math.max(0, Math.floor(view.scrollTop / LINE) - SPARE);
    const end = Math.min(shown.length, Math.ceil((view.scrollTop + view.clientHeight) / LINE) + SPARE);
    tall.replaceChildren();
    if (!shown.length) {
      const empty = document.createElement("div");
      empty.className = "empty";
      empty.textContent = lines.length ? "No line passes this filter." : "The plugin has said nothing yet.";
      tall.append(empty);
    }
    for (let i = first; i < end; i += 1) {
      const [number, at, name, text, folded] = shown[i];
      const row = document.createElement("div");
      row.className = `row ${name.toUpperCase().replace(/[^A-Z]/g, "")}${number === chosen ? " chosen" : ""}`;
      row.style.top = `${i * LINE}px`;
      row.dataset.number = number;
      for (const [kind, words] of [["at", at], ["level", name], ["text", text], ["more", folded ? "⋯" : ""]]) {
        const cell = document.createElement("span");
        cell.className = kind;
        cell.textContent = words;
        row.append(cell);
      }
      tall.append(row);
    }
  }
  view.addEventListener("scroll", () => {
    paint();
  });
  view.addEventListener("wheel", (event) => event.deltaY < 0 && (follow.checked = false));
  view.addEventListener("keydown", (event) => {
    if (["ArrowUp", "PageUp", "Home"].includes(event.key)) follow.checked = false;
  });
  follow.addEventListener("change", draw);
  level.addEventListener("change", filter);
  search.addEventListener("input", filter);
  tall.addEventListener("click", (event) => {
    const number = Number(event.target.closest(".row")?.dataset.number);
    chosen = chosen === number ? null : number;
    const line = lines.find((one) => one[0] === chosen);
    whole.hidden = !line;
    if (line) whole.textContent = line[4] || line[3];
    paint();
  });

  function update(data, transmit) {
    view.style.height = `${data.height}px`;
    if (data.run !== run) {
      run = data.run;
      lines = [];
      chosen = null;
      whole.hidden = true;
      filter();
    }
    const joins = data.after === last() && data.instance === instance;
    if (joins && data.lines.length) add(data.lines);
    else draw();
    const report = `${run} ${last()}`;
    // Once more even when nothing came, where the server believes something else is here.
    if (report !== reported || data.after > last() || data.instance !== instance) {
      if (report !== reported || data.instance !== instance) transmit({ run, instance, last: last() });
      reported = report;
    }
  }
  return { update };
}
