// The quote editor: it saves itself while one types, adds, moves and takes lines away without leaving the page,
// and is worked by the keyboard. Of a long quote only the rows one works on have fields; the others are text until
// they are clicked or reached by a key. Without scripts it is one form with a Save button.
import { fill, pasted } from "./lines.js";

let after = null; // what gets the focus when the form has been put back
let busy = 0;
let waiting = null; // a button pressed while a save was on its way
let leaving = false; // the whole form is on its way: a save of its own would run against it

export function startQuoteEditor() {
  if (!document.querySelector("form[data-quote]") || !window.htmx) return;
  document.addEventListener("change", onChange, true);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("click", onClick);
  document.addEventListener("paste", onPaste, true);
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (leaving && ours(event)) event.preventDefault();
    else count(event, 1);
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
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
  // The form may have been put back meanwhile, with a button of its own.
  const again = button.isConnected ? button : form().querySelector(`button[name="${CSS.escape(button.name)}"][value="${CSS.escape(button.value)}"]`);
  if (again) form().requestSubmit(again);
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
  } else if (button.name === "open") {
    event.preventDefault();
    openRow(button.closest("[data-line]"), "packs");
  } else if (button.name === "then") {
    leaving = true;
  } else {
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

function onSettle(event) {
  // What was found, or a save of what was typed before, may come back first: the form is still the old one then.
  if (!after || !form() || event.detail.requestConfig?.path !== form().action) return;
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
  const next = row && event.key === "Enter" && event.target.matches("input[data-column]") ? rows()[rows().indexOf(row) + (event.shiftKey ? -1 : 1)] : null;
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
  } else if (next?.matches("[data-shut]")) {
    event.preventDefault();
    event.stopPropagation();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
    openRow(next, event.target.dataset.column);
  }
}

const SHUT = "[data-line][data-shut]";

function onClick(event) {
  const row = event.target.closest?.("form[data-quote] " + SHUT);
  if (row && !event.target.closest("button") && !String(getSelection())) openRow(row, event.target.closest("[data-for]")?.dataset.for ?? "packs");
}

async function openRow(row, column) {
  const [fresh] = await unfold([row]);
  const field = fresh?.querySelector(`[data-column="${column}"]`) ?? fresh?.querySelector("[data-column]");
  field?.focus();
  field?.select?.();
}

// Rows that are text get their fields; one that somebody else has changed stays as it is, and that is said.
async function unfold(shut) {
  const asked = new URLSearchParams(shut.map((row) => ["row", row.querySelector("[data-place]").name.slice("shut-".length)]));
  const answer = await fetch(`${form().dataset.rows}?${asked}`).catch(() => null);
  if (!answer?.ok) {
    const text = answer?.status === 409 ? "Somebody else has changed this line. Save shows what is different." : "The line could not be opened. Try again.";
    document.dispatchEvent(new CustomEvent("stillroom:toast", { detail: { text, error: true } }));
    return [];
  }
  const box = document.createElement("template");
  box.innerHTML = await answer.text();
  const fresh = [...box.content.querySelectorAll("[data-line]")];
  fresh.forEach((row) => document.getElementById(row.id)?.replaceWith(row));
  return fresh;
}

// A block pasted over rows that are text opens them first.
async function onPaste(event) {
  const row = event.target.closest?.("form[data-quote] [data-line]");
  const block = pasted(event);
  if (!row || !block || !event.target.matches("[data-column]")) return;
  const all = rows();
  const shut = all.slice(all.indexOf(row), all.indexOf(row) + block.length).filter((one) => one.matches(SHUT));
  if (!shut.length) return;
  event.preventDefault();
  event.stopPropagation();
  await unfold(shut);
  fill(event.target, block);
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
  const into = above?.matches(".section-row") ? (above.querySelector(".section-name")?.value ?? "") : (above?.dataset.shut ?? above?.querySelector("[data-section]")?.value);
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
