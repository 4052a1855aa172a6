// The quote editor: it saves itself while one types, adds, moves and takes lines away without leaving the page,
// and is worked by the keyboard. Without scripts it is one form with a Save button.
let after = null; // what gets the focus when the form has been put back
let busy = 0;
let waiting = null; // a button pressed while a save was on its way

export function startQuoteEditor() {
  if (!document.querySelector("form[data-quote]") || !window.htmx) return;
  document.addEventListener("change", onChange, true);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("htmx:beforeRequest", (event) => count(event, 1));
  document.addEventListener("htmx:afterRequest", (event) => count(event, -1));
  document.addEventListener("htmx:beforeSwap", showRefusals);
  document.addEventListener("htmx:afterSettle", onSettle);
  document.addEventListener("dragstart", onDragStart);
  document.addEventListener("dragover", onDragOver);
  document.addEventListener("drop", onDrop);
  document.addEventListener("pointerdown", onHandle);
}

const form = () => document.querySelector("form[data-quote]");
const rows = () => [...form().querySelectorAll("[data-line]")];
// The form that was sent may be replaced by now; the request knows it.
const ours = (event) => event.detail.requestConfig?.elt?.matches("form[data-quote]") ?? false;

function count(event, by) {
  if (!ours(event)) return;
  busy = Math.max(busy + by, 0);
  if (busy || !waiting) return;
  const { button } = waiting;
  waiting = null;
  if (button.isConnected) form().requestSubmit(button);
}

// A refusal is the form again, with its messages.
function showRefusals(event) {
  if (event.detail.target?.id !== "quote" || ![409, 422].includes(event.detail.xhr.status)) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
}

function onChange(event) {
  const field = event.target;
  if (!field.closest?.("form[data-quote]")) return;
  if (field.matches("[data-quiet]")) event.stopPropagation();
  else if (field.matches("[data-reshape]")) {
    event.stopPropagation();
    send({}, { name: field.name });
  }
}

function onSubmit(event) {
  const button = event.submitter;
  if (event.target !== form() || !button) return;
  if (busy) {
    event.preventDefault();
    waiting = { button };
  } else if (button.name !== "then") {
    event.preventDefault();
    send(button.name ? { [button.name]: button.value } : {}, goal(button));
  }
}

function goal(button) {
  if (button.name === "pick") return { last: true, adds: "add" };
  if (button.name === "move") return { line: Number.parseInt(button.value, 10) + (button.value.endsWith("up") ? -1 : 1), button: button.value.split("-")[1] };
  if (button.name === "adding") return button.value === "add" ? { last: true, adds: "add" } : { id: button.value === "paste" ? "paste" : "add", adds: button.value };
  return { id: "add" };
}

const TYPED = ["add", "paste", "words"]; // what is being added waits for its own button
let kept = {};

function send(values, goalThen) {
  after = goalThen;
  kept = {};
  const waits = TYPED.filter((id) => id !== goalThen.adds);
  waits.forEach((id) => {
    kept[id] = document.getElementById(id).value;
  });
  values = { ...Object.fromEntries(waits.map((id) => [id, ""])), ...values };
  window.htmx.ajax("POST", form().action, { source: form(), target: "#quote", select: "#quote", swap: "outerHTML", values });
}

function onSettle() {
  if (!after || !form()) return;
  Object.entries(kept).forEach(([id, text]) => {
    const field = document.getElementById(id);
    if (field && text) field.value = text;
    if (text) field?.closest("details")?.setAttribute("open", "");
  });
  kept = {};
  const wanted = after;
  after = null;
  let field = null;
  if (wanted.last) field = rows().at(-1)?.querySelector("[data-column=packs]");
  else if (wanted.name) field = form().elements[wanted.name];
  else if (wanted.line !== undefined) {
    const row = rows()[Math.min(Math.max(wanted.line, 0), rows().length - 1)];
    field = wanted.field ? row?.querySelector(`[data-column="${wanted.field}"]`) : row?.querySelector(`[name=move][value$=${wanted.button}]`);
  } else field = document.getElementById(wanted.id);
  const wrong = form().querySelector("[aria-invalid=true]:not([data-column=unit_price])");
  (wrong ?? field)?.focus();
  if (!wrong) field?.select?.();
}

function onKey(event) {
  if (!event.target.closest?.("form[data-quote]") || event.isComposing) return;
  const row = event.target.closest("[data-line]");
  if (event.target.id === "add") onAddKey(event);
  else if (event.target.closest("#found")) onFoundKey(event);
  else if (row && event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    event.preventDefault();
    step(row, event.key === "ArrowUp" ? -1 : 1, event.target.dataset.column);
  } else if (row && event.key === "Enter" && !event.shiftKey && row === rows().at(-1) && event.target.matches("input[data-column]")) {
    event.preventDefault();
    event.stopPropagation();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
    document.getElementById("add").focus();
  }
}

// A code with a number, or a scan, is added as it stands; the first of what was found, when it was only part of a name.
function onAddKey(event) {
  const found = [...document.querySelectorAll("#found button")];
  if (event.key === "ArrowDown" && found.length) {
    event.preventDefault();
    found[0].focus();
  } else if (event.key === "Enter") {
    event.preventDefault();
    const typed = event.target.value.trim();
    if (!typed) return;
    const list = document.querySelector("#found [data-for]");
    if (found.length && list?.dataset.for === typed && !/(^|\s)\d+$/.test(typed)) found[0].click();
    else form().requestSubmit(event.target.closest(".add-field").querySelector("button"));
  } else if (event.key === "Escape") {
    document.getElementById("found").replaceChildren();
  }
}

function onFoundKey(event) {
  const found = [...document.querySelectorAll("#found button")];
  const at = found.indexOf(event.target.closest("button"));
  if (event.key === "ArrowDown") found[Math.min(at + 1, found.length - 1)].focus();
  else if (event.key === "ArrowUp") (found[at - 1] ?? document.getElementById("add")).focus();
  else if (event.key === "Escape") document.getElementById("add").focus();
  else return;
  event.preventDefault();
}

function step(row, by, field) {
  const all = rows();
  const to = all.indexOf(row) + by;
  if (to < 0 || to >= all.length) return;
  if (by < 0) all[to].before(row);
  else all[to].after(row);
  placed(row, { line: to, field: field ?? "packs" });
}

// The lines are numbered as they now stand; one that was moved joins the section it was put into.
function placed(row, goalThen) {
  rows().forEach((one, place) => {
    one.querySelector("[data-place]").value = place + 1;
  });
  let above = row.previousElementSibling;
  while (above && !above.matches("[data-line], .section-row")) above = above.previousElementSibling;
  const into = above?.matches(".section-row") ? (above.querySelector(".section-name")?.value ?? "") : above?.querySelector("[data-section]")?.value;
  const section = row.querySelector("[data-section]");
  if (section && into !== undefined) section.value = into;
  send({}, goalThen);
}

let dragged = null;

function onHandle(event) {
  const row = event.target.closest?.("[data-drag]")?.closest("[data-line]");
  if (row) row.draggable = true;
}

function onDragStart(event) {
  dragged = event.target.closest?.("[data-line][draggable=true]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.id);
  dragged.classList.add("is-dragged");
}

function onDragOver(event) {
  const over = event.target.closest?.("[data-line], .section-row");
  if (!dragged || !over || over === dragged) return;
  event.preventDefault();
  const half = over.getBoundingClientRect();
  if (over.matches(".section-row") || event.clientY > half.top + half.height / 2) over.after(dragged);
  else over.before(dragged);
}

function onDrop(event) {
  if (!dragged) return;
  event.preventDefault();
  const row = dragged;
  dragged = null;
  row.draggable = false;
  row.classList.remove("is-dragged");
  placed(row, { line: rows().indexOf(row), field: "packs" });
}
