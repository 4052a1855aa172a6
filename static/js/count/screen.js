// The list around the card: what is left, what was counted, what waits. It draws what it is given and reports taps.
import { amountText, timesOf } from "./amounts.js";
import { el, gauge, icon } from "./dom.js";

const part = (name) => document.querySelector(`[data-count-${name}]`);
const MOST = 100; // rows of one list; a storeroom of thousands is scanned and searched
const s = (n) => (n === 1 ? "" : "s");

export function showHead(sheet, done, all) {
  document.title = `Count ${sheet.location.name}`;
  part("title").textContent = `Count ${sheet.location.name}`;
  part("back").href = `/rooms/${encodeURIComponent(sheet.location.code)}`;
  part("figure").replaceChildren(el("b", {}, String(done)), ` of ${all}`);
  const bar = part("progress");
  bar.hidden = false;
  bar.max = Math.max(all, 1);
  bar.value = done;
}

// One grey line. state: what sending came to; waiting: how many entries have not arrived.
export function showLine({ waiting, state, sending }) {
  const line = part("line");
  const counts = `${waiting} count${s(waiting)}`;
  const wait = waiting === 1 ? "waits" : "wait";
  let words = "";
  if (state === "signed out") words = waiting ? `You are signed out. ${counts} ${waiting === 1 ? "is" : "are"} kept here.` : "You are signed out.";
  else if (!navigator.onLine || state === "offline") words = waiting ? `Offline. ${counts} ${wait} for the network.` : "Offline. Go on counting, it is kept here.";
  else if (waiting) words = sending ? `Sending ${counts}.` : `${counts} ${wait} to be sent.`;
  else if (state === "sent") words = "Everything is sent.";
  if (line.dataset.words === words) return;
  line.dataset.words = words;
  line.replaceChildren();
  if (!words) return;
  line.append(icon(state === "sent" && !waiting ? "check" : "offline", "s"), el("span", {}, words));
  if (state === "signed out") line.append(el("a", { href: `/sign-in?next=${encodeURIComponent(location.pathname)}` }, "Sign in"));
}

export function showLists({ groups, standing, current, open, words, shown }) {
  const needs = (group, ...kinds) => group.rows.some((row) => kinds.includes(standing(row)));
  const again = groups.filter((group) => needs(group, "disagree", "again"));
  const left = groups.filter((group) => !again.includes(group) && needs(group, "open"));
  const done = groups.filter((group) => !again.includes(group) && !left.includes(group));
  const list = (title, note, some, sub) => {
    const fitting = some.filter(shown);
    return fitting.length && [
      el("div", { class: "section-head" }, el("h2", {}, title), el("span", {}, note)),
      el("ul", { class: "rows count-list", role: "list" }, fitting.slice(0, MOST).map((group) => item(group, sub(group), open))),
      fitting.length > MOST ? el("p", { class: "muted" }, `And ${fitting.length - MOST} more: scan them, or type a part of the name.`) : "",
    ];
  };
  const filtered = words ? groups.filter(shown).length : groups.length;
  part("lists").replaceChildren(...[
    ...(list("Look at these again", String(again.length), again, (group) => (needs(group, "disagree") ? "counted differently" : "once more")) || []),
    ...(list("Left to count", String(left.length), left, (group) => lotsText(group)) || []),
    ...(list("Counted", String(done.length), done, (group) => countedText(group, current)) || []),
    !groups.length ? el("p", { class: "muted" }, "Nothing is on this sheet. Scan or search for what stands here.") : "",
    words && !filtered ? el("p", { class: "muted" }, "Not on this sheet.") : "",
  ]);
  return { again, left, done };
}

function item(group, note, open) {
  const [row] = group.rows;
  return el(
    "li",
    {},
    el("button", { type: "button", class: "count-item", data: { sku: group.sku }, onclick: () => open(group) }, gauge(row.pack.name, row.unit, 0), el("span", { class: "grow" }, group.name), el("span", { class: "count-note" }, note)),
  );
}

function lotsText(group) {
  const sealed = group.rows.filter((row) => !row.isOpen).length;
  const open = group.rows.length - sealed;
  return [sealed > 1 ? `${sealed} lots` : "", open ? `${open} open` : ""].filter(Boolean).join(", ");
}

function countedText(group, current) {
  const rows = group.rows.map((row) => [row, current(row)[0]]).filter(([, entry]) => entry);
  const steps = rows.reduce((all, [, entry]) => all + entry.steps, 0);
  const each = rows[0][0].pack.steps;
  return (rows.every(([row]) => row.pack.steps === each) && timesOf(steps, each)) || amountText(steps, rows[0][0].unit);
}

// Products of the house that are not on the sheet and fit what was typed.
export function showCatalogue(products, choose) {
  part("catalogue").replaceChildren(...(products.length ? [
    el("div", { class: "section-head" }, el("h2", {}, "Found something else"), el("span", {}, "not on the sheet")),
    el("ul", { class: "rows count-list", role: "list" }, products.map((product) => el("li", {}, el("button", { type: "button", class: "count-item", onclick: () => choose(product) }, icon("plus"), el("span", { class: "grow" }, product.name), el("span", { class: "count-note" }, product.sku))))),
  ] : []));
}

// One code that can be several things: nothing is counted before one is tapped.
export function showChoices(choices, choose) {
  const pick = (choice) => () => { showCatalogue([]); choose(choice); };
  part("catalogue").replaceChildren(
    el("div", { class: "section-head" }, el("h2", {}, "Which of these?")),
    el("ul", { class: "rows count-list", role: "list" }, choices.map((choice) => el("li", {}, el("button", { type: "button", class: "count-item", onclick: pick(choice) }, el("span", { class: "grow" }, choice.text))))),
  );
}

// What the server could not take, each with its reason; thrown away only by hand.
export function showTrouble(entries, nameOf, drop) {
  part("trouble").replaceChildren(...entries.map((entry) => el(
    "div",
    { class: "notice notice--past count-quarrel", role: "alert" },
    el("p", {}, `${nameOf(entry)}, ${amountText(entry.steps, entry.body.quantity.unit)}: ${entry.reason}`),
    el("div", {}, el("button", { class: "button", type: "button", onclick: () => drop(entry) }, entry.state === "late" ? "Understood" : "Throw it away")),
  )));
}

export const showCard = (card) => part("card").replaceChildren(...(card ? [card.element] : []));
export const hideCard = (is) => (part("card").hidden = is);
export const showFoot = (...children) => part("foot").replaceChildren(...children);
export const say = (text) => (part("said").textContent = text);
export const showMessage = (...children) => part("lists").replaceChildren(...children);
