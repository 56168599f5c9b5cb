const WAIT_MS = 1500;
const UNDO = ".st-key-rules-step-undo button";
const HEADING = "[data-testid=stMain] :is(h1, h2)";
const REDO = ".st-key-rules-step-redo button";

const isTyping = (node) =>
  node instanceof Element &&
  node.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]") !== null;

const isRange = (node) => node instanceof Element && node.matches("[role=slider]");

export const openPage = (root, path) => {
  const links = [...root.querySelectorAll("[data-testid=stSidebarNavLink]")];
  const link = links.find((one) => new URL(one.href).pathname === path);
  if (link) link.click();
  return Boolean(link);
};

export const listOf = (pages) =>
  [
    ...pages.map(({ letter, title }) => [`g ${letter}`, title]),
    ["Ctrl Z", "Take the last edit of the rules back"],
    ["Ctrl Shift Z", "Make it again"],
    ["?", "This list"],
  ];

const show = (dialog, pages) => {
  dialog.replaceChildren();
  const title = dialog.appendChild(document.createElement("h2"));
  title.textContent = "Keys";
  const list = dialog.appendChild(document.createElement("dl"));
  for (const [keys, meaning] of listOf(pages)) {
    const term = list.appendChild(document.createElement("dt"));
    for (const one of keys.split(" ")) term.appendChild(document.createElement("kbd")).textContent = one;
    list.appendChild(document.createElement("dd")).textContent = meaning;
  }
  const close = dialog.appendChild(document.createElement("button"));
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.showModal();
};

export const pressed = (event, memory, now) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const behind = memory.at !== null && now - memory.at < WAIT_MS;
  memory.at = null;
  const target = event.composedPath()[0]; // an editor of ours hides it behind a shadow root
  if (isTyping(target)) return null;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z")
    return event.shiftKey ? "redo" : "undo";
  if (!plain || isRange(target)) return null;
  if (behind) return { letter: event.key };
  if (event.key === "g") memory.at = now;
  return event.key === "?" ? "help" : null;
};

// The first tab stop of every page; a component cannot stand there by itself.
const skipLink = () => {
  if (document.getElementById("skip-link")) return;
  const link = document.createElement("a");
  link.id = "skip-link";
  link.href = "#content";
  link.textContent = "Skip to content";
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const content = document.querySelector(HEADING) ?? document.querySelector("[data-testid=stMain]");
    content.tabIndex = -1;
    content.focus();
  });
  document.body.prepend(link);
};

export default function ({ parentElement, data }) {
  skipLink();
  const root = parentElement.querySelector("div");
  root.dialog ??= root.appendChild(document.createElement("dialog"));
  const memory = { at: null };
  const listen = (event) => {
    const asked = pressed(event, memory, performance.now());
    if (asked === null) return;
    if (asked === "help") show(root.dialog, data.pages);
    else if (asked === "undo" || asked === "redo")
      document.querySelector(asked === "undo" ? UNDO : REDO)?.click();
    else {
      const page = data.pages.find((one) => one.letter === asked.letter);
      if (!page || !openPage(document, page.path)) return;
    }
    event.preventDefault();
  };
  document.addEventListener("keydown", listen);
  return () => document.removeEventListener("keydown", listen);
}
