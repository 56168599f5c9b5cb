const LATE_MS = 300;
const whenIdle = window.requestIdleCallback ?? ((act) => setTimeout(act, 50));
const notThen = window.cancelIdleCallback ?? clearTimeout;

// What each part is; a test with axe holds the list, and whatever Streamlit mends may leave it.
const MISSING = [
  ["[data-testid=stMain]", { role: "main", id: "content" }],
  ["[data-testid=stSidebar]", { role: "navigation", "aria-label": "Pages" }],
  ["[data-testid=stSidebarNavItems], [data-testid=stSidebarNavItems] li", { role: "none" }],
  ["[data-testid=stNumberInputStepDown]", { "aria-label": "Less" }],
  ["[data-testid=stNumberInputStepUp]", { "aria-label": "More" }],
  ["[data-testid=stToastContainer]", { role: "region", "aria-label": "Notices" }],
];
// A selector with :has() for these costs a browser 13 to 28 ms whenever the page changes.
const IN_VIEW = { ".st-key-rules-stages": "top", ".st-key-start-bar": "bottom" };
const OPENS_SIDEBAR = "[data-testid=stExpandSidebarButton]";
const ICONS = "[data-testid=stIconMaterial], [role=img][aria-label$=' icon']";
const NAMED = "a, button, summary, label, [role=button], [role=tab]";

const put = (node, name, value) => {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
};

// An icon is a picture beside words; where it stands alone, its word is all the name there is.
const isBesideWords = (icon) => {
  const whole = icon.closest(NAMED) ?? icon.parentElement;
  return whole !== null && whole.textContent.trim() !== icon.textContent.trim();
};

// Whether a menu is open belongs to the button that opens it, not to the box around it.
const handDown = (box) => {
  const button = box.querySelector("button");
  if (!button) return;
  put(button, "aria-haspopup", "dialog");
  put(button, "aria-expanded", box.getAttribute("aria-expanded"));
  box.removeAttribute("aria-haspopup");
  box.removeAttribute("aria-expanded");
};

export const mend = (root) => {
  for (const [where, attributes] of MISSING)
    for (const node of root.querySelectorAll(where))
      for (const [name, value] of Object.entries(attributes)) put(node, name, value);
  for (const [where, edge] of Object.entries(IN_VIEW))
    for (const node of root.querySelectorAll(where)) put(node.parentElement, "data-in-view", edge);
  const app = root.querySelector("[data-testid=stApp]");
  if (app) put(app, "data-sidebar", root.querySelector(OPENS_SIDEBAR) ? "closed" : "open");
  for (const icon of root.querySelectorAll(ICONS)) if (isBesideWords(icon)) put(icon, "aria-hidden", "true");
  for (const box of root.querySelectorAll("div[aria-expanded]:not([role])")) handDown(box);
};

export default function () {
  let asked = null;
  const soon = () => {
    asked ??= whenIdle(() => {
      asked = null;
      mend(document);
    }, { timeout: LATE_MS });
  };
  const watcher = new MutationObserver(soon);
  watcher.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-expanded"] });
  mend(document);
  return () => {
    watcher.disconnect();
    notThen(asked);
  };
}
