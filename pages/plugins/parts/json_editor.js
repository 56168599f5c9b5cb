const LINE = 20;
const TOP = 8;
const PAINTED = 200_000;
const PAUSE_MS = 350;
const PART = /("(?:[^"\\\n]|\\.)*"?)(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b/g;
const escaped = (text) => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);

const editors = new WeakMap();

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".json");
  if (!editors.has(root)) editors.set(root, create(root));
  const editor = editors.get(root);
  editor.update(data, (edit) => setStateValue("edit", edit));
  return editor.leave;
}

function create(root) {
  root.innerHTML = `<div class="area"><div class="gutter" aria-hidden="true"></div>
    <div class="field"><div class="mark" hidden></div><pre class="paint" aria-hidden="true"></pre>
    <textarea spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off"></textarea></div></div>`;
  const [area, gutter, mark, paint, text] = ["area", "gutter", "mark", "paint"]
    .map((name) => root.querySelector(`.${name}`))
    .concat(root.querySelector("textarea"));
  let epoch = null;
  let sent = null;
  let timer = 0;
  let count = 0;
  let lines = 0;
  let place = null;
  let transmit;

  function draw() {
    const value = text.value;
    const plain = value.length > PAINTED;
    text.classList.toggle("plain", plain);
    paint.innerHTML = plain ? "" : `${colored(value)}\n`;
    const now = value.split("\n").length;
    if (now !== lines) {
      lines = now;
      gutter.textContent = Array.from({ length: lines }, (_, i) => i + 1).join("\n");
    }
    follow();
  }
  function colored(value) {
    let html = "";
    let from = 0;
    for (const found of value.matchAll(PART)) {
      const [whole, string, colon, number, word] = found;
      html += escaped(value.slice(from, found.index));
      const kind = string ? (colon ? "k" : "s") : number ? "n" : word ? "w" : "";
      html += `<span class="${kind}">${escaped(whole)}</span>`;
      from = found.index + whole.length;
    }
    return html + escaped(value.slice(from));
  }
  function follow() {
    paint.style.transform = `translate(${-text.scrollLeft}px, ${-text.scrollTop}px)`;
    gutter.scrollTop = text.scrollTop;
    mark.hidden = !place;
    if (place) mark.style.top = `${TOP + (place.line - 1) * LINE - text.scrollTop}px`;
  }
  function send() {
    clearTimeout(timer);
    timer = 0;
    if (text.value === sent) return;
    sent = text.value;
    transmit({ text: sent, epoch, nonce: `${Date.now().toString(36)}-${(count += 1)}-${Math.random().toString(36).slice(2, 8)}` });
  }

  text.addEventListener("input", () => {
    draw();
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE_MS);
  });
  text.addEventListener("scroll", follow);
  text.addEventListener("blur", () => timer && send());
  let leaving = false; // Escape, then Tab, leaves the editor
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leaving = true;
    else if (event.key === "Tab" && !leaving && !event.shiftKey) insert(event, "  ");
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      const before = text.value.slice(0, text.selectionStart);
      const line = before.slice(before.lastIndexOf("\n") + 1);
      insert(event, `\n${/^\s*/.exec(line)[0]}${/[[{]\s*$/.test(line) ? "  " : ""}`);
    } else if (event.key !== "Shift") leaving = false;
  });
  function insert(event, piece) {
    event.preventDefault();
    document.execCommand("insertText", false, piece); // keeps the browser's own undo
  }

  function update(data, sender) {
    transmit = sender;
    area.style.height = `${data.height}px`;
    text.setAttribute("aria-label", data.label);
    if (data.epoch !== epoch) {
      epoch = data.epoch;
      clearTimeout(timer);
      timer = 0;
      sent = data.text;
      if (text.value !== data.text) text.value = data.text;
      draw();
    }
    place = data.mark;
    root.classList.toggle("bad", Boolean(place));
    text.setAttribute("aria-invalid", String(Boolean(place)));
    follow();
  }
  const leave = () => {
    if (timer) send();
    editors.delete(root);
  };
  return { update, leave };
}
