// What the review pages do beyond links and forms: values and their words light up together, keys, and selected words.
"use strict";

const byId = (id) => document.getElementById(id);
let back = null; // the value to go on with after a form

function light(ids, on) {
  for (const id of ids) {
    byId(id)?.classList.toggle("lit", on);
    for (const mark of document.querySelectorAll(`mark[data-values~="${CSS.escape(id)}"]`)) mark.classList.toggle("lit", on);
  }
}

const meant = (node) => {
  const mark = node.closest?.("mark[data-values]");
  if (mark) return mark.dataset.values.split(" ");
  const value = node.closest?.("[data-reviewed] .value");
  return value ? [value.id] : [];
};

for (const [kind, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(kind, (event) => light(meant(event.target), on));
}

// Keys count only while a value has the focus, so that they take none away from who types or listens.
document.addEventListener("keydown", (event) => {
  const here = event.target.closest?.(".record");
  const typing = event.target.closest?.("input, select, textarea");
  if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
  const value = event.target.closest(".value");
  if (event.key === "Escape") {
    const open = event.target.closest("details[open]");
    if (open) {
      open.open = false;
      (value || open.querySelector("summary")).focus();
    }
    return;
  }
  if (typing) return;
  const values = [...here.querySelectorAll(".value[tabindex]")];
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (step && value) {
    const next = values[values.indexOf(value) + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  } else if (value && ["a", "e", "r"].includes(event.key)) {
    const control = value.querySelector(`[data-key="${event.key}"]`);
    if (!control) return;
    event.preventDefault();
    control.click();
    if (event.key === "e") control.parentElement.querySelector("input:not([type=hidden]), select")?.focus();
  }
});

// Words that are selected in the article become a value of the slot that is then chosen.
let chosen = null;

function words() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const pieceOf = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.("[data-at]");
  const first = pieceOf(range.startContainer);
  if (!first || !pieceOf(range.endContainer) || !byId("selection")) return null;
  if (first.parentElement !== pieceOf(range.endContainer).parentElement) return null; // across paragraphs
  const raw = range.cloneContents().textContent;
  const found = raw.trim();
  if (!found) return null;
  // The server counts characters, a browser's strings are of halves of some.
  const before = [...first.textContent.slice(0, range.startOffset), ...raw.slice(0, raw.length - raw.trimStart().length)];
  return { text: found, field: first.dataset.field, at: Number(first.dataset.at) + before.length };
}

document.addEventListener("selectionchange", () => {
  const bar = byId("selection");
  const found = words();
  if (!bar || !found) return;
  chosen = found;
  bar.querySelector(".words").textContent = `“${found.text.length > 60 ? found.text.slice(0, 60) + "…" : found.text}”`;
  bar.hidden = false;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#selection button");
  if (!button) return;
  byId("selection").hidden = true;
  const slot = button.dataset.slot;
  if (!slot || !chosen) return;
  const forms = [...document.querySelectorAll(`details.add[data-slot="${slot}"]`)];
  const details = forms.find((one) => one.dataset.program !== "new") || forms[0];
  if (!details) return;
  for (let part = details; part; part = part.parentElement?.closest("details")) part.open = true;
  const form = details.querySelector("form");
  form.elements.words.value = chosen.text;
  form.elements.field.value = chosen.field;
  form.elements.at.disabled = false;
  form.elements.at.value = chosen.at;
  if (form.elements.name) form.elements.name.value = chosen.text;
  const next = form.querySelector(".fields input, .fields select");
  next.focus();
  next.scrollIntoView({ block: "center" });
});

// Words that are then typed over stand elsewhere.
document.addEventListener("input", (event) => {
  if (event.target.name === "words") event.target.form.elements.at.disabled = true;
});

document.addEventListener("submit", (event) => {
  const value = event.target.closest("[data-reviewed] .value");
  if (value) back = value.id;
});

document.addEventListener("htmx:after:swap", () => {
  const value = back && byId(back);
  back = null;
  const error = document.querySelector("#review .error");
  if (value) value.focus();
  if (error) error.scrollIntoView({ block: "center" });
});
