// The counting app: opens a count from the network or from what is kept, and lets the hands work.
import { startScan } from "../scan.js";
import { markCounting } from "../waiting.js";
import { makeCard } from "./card.js";
import { meaningOf } from "./codes.js";
import { el } from "./dom.js";
import * as screen from "./screen.js";
import { currentOf, finds, foundRows, groupsOf, standingOf } from "./sheet.js";
import * as store from "./store.js";
import { news, sendLater, sendWaiting } from "./sync.js";
import { showStart } from "./start.js";
import { entryOf, fetchSheet, Offline, packOf, Refused, SignedOut, submitCount, whoAmI } from "./wire.js";

const EVERY = 30_000; // milliseconds between two looks at what others counted
const PATIENCE = [2_000, 5_000, 15_000, 60_000]; // and between two attempts to send

// Secure pages only have what this needs: a worker, locks, ids. Elsewhere the page stays what it is, a list of forms.
const CAN = globalThis.isSecureContext && "serviceWorker" in navigator && "locks" in navigator && "indexedDB" in globalThis;
const number = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const now = { user: null, sheet: null, entries: [], byRow: new Map(), card: null, words: "", state: "", sending: false, failed: 0, timer: 0 };
const scanner = startScan(document.querySelector("[data-scan]"), scanned);

boot();

async function boot() {
  if (!CAN || !(await store.canKeep())) return;
  document.querySelector("[data-count-plain]")?.remove();
  for (const part of document.querySelectorAll("[data-count-app], [data-count-scan]")) part.hidden = false;
  markCounting();
  install();
  await meet();
  if (!number) return showStart(now.user, now.state);
  if (now.user) now.sheet = await store.sheetOf(now.user.key, number);
  if (now.sheet) await draw();
  await refresh();
  listen();
}

// The worker opens these pages without a network; where background sync is known it is a module that also sends.
function install() {
  navigator.storage?.persist?.();
  const sends = "SyncManager" in globalThis;
  navigator.serviceWorker.register(sends ? "/sw.js?sync" : "/sw.js", { type: sends ? "module" : "classic" }).catch(() => undefined);
}

// Who holds the phone: the session says, or, without a network, whoever was here last.
async function meet() {
  try {
    const session = await whoAmI();
    now.user = session.user;
    now.csrf = session.csrf;
    await store.setWhoIsHere(session.user);
  } catch (error) {
    now.state = error instanceof SignedOut ? "signed out" : "offline";
    now.user = await store.whoIsHere();
  }
}

function listen() {
  addEventListener("online", () => send());
  addEventListener("offline", () => draw());
  addEventListener("pageshow", () => send());
  document.addEventListener("visibilitychange", () => !document.hidden && send());
  news.addEventListener("message", () => {
    now.sent = true; // by another page, or by the worker
    refresh();
  });
  setInterval(() => !document.hidden && navigator.onLine && send(), now.sheet?.rows.length > 500 ? 4 * EVERY : EVERY);
  document.querySelector("[data-scan-text]").addEventListener("input", (event) => {
    now.words = event.target.value.trim().toLowerCase();
    lists();
  });
  send();
}

// -- the network

async function refresh() {
  if (!now.user) return nobody();
  const sent = (await store.entriesOf(now.user.key, number)).filter((entry) => entry.state === "stored");
  try {
    const sheet = await fetchSheet(number);
    await store.keepSheet(now.user.key, number, sheet);
    for (const entry of sent) await store.dropEntry(entry.id); // the sheet holds them now
    now.sheet = sheet;
    now.state = rest();
  } catch (error) {
    if (error instanceof Offline) now.state = "offline";
    else if (error instanceof SignedOut) now.state = "signed out";
    else if (error instanceof Refused && !now.sheet) return screen.showMessage(el("p", { class: "notice" }, error.message));
    else if (!(error instanceof Refused)) throw error;
  }
  if (!now.sheet) return nothingKept();
  await draw();
}

async function send() {
  clearTimeout(now.timer);
  if (!now.user) return;
  now.sending = true;
  await draw();
  const outcome = await sendWaiting();
  now.sending = false;
  if (outcome.state === "offline" || outcome.state === "busy") {
    if (outcome.state === "offline") now.state = "offline";
    now.timer = setTimeout(send, PATIENCE[Math.min(now.failed++, PATIENCE.length - 1)]);
    sendLater();
    return draw();
  }
  now.failed = 0;
  now.sent ||= outcome.state === "sent";
  now.state = outcome.state === "signed out" ? outcome.state : rest();
  return now.state === "signed out" ? draw() : refresh();
}

const rest = () => (now.sent ? "sent" : "");

function nobody() {
  screen.showLine({ waiting: 0, state: now.state });
  screen.showMessage(el("p", {}, now.state === "signed out" ? "Sign in to count." : "Nobody has signed in on this device yet. That needs the network once."));
}

function nothingKept() {
  screen.showLine({ waiting: 0, state: now.state });
  screen.showMessage(el("p", {}, "This count is not on this device yet. Open it once with the network; after that it works without."));
}

// -- drawing

async function draw() {
  if (!now.sheet) return;
  now.entries = await store.entriesOf(now.user.key, number);
  if (isOver() && now.card) putAway();
  now.byRow = new Map();
  for (const entry of now.entries) now.byRow.set(entry.row, [...of(entry, entry.row), entry]);
  lists();
  const waiting = now.entries.filter((entry) => entry.state === "waiting").length;
  screen.showLine({ waiting, state: now.state, sending: now.sending });
  const refused = now.entries.filter((entry) => entry.state === "refused" || entry.state === "late");
  screen.showTrouble(refused, nameOf, async (entry) => {
    await store.dropEntry(entry.id);
    await draw();
  });
}

const NONE = [];
const of = (row, key = row.key) => now.byRow.get(key) ?? NONE;
const current = (row) => currentOf(row, of(row));
const standing = (row) => standingOf(row, current(row), of(row));
const nameOf = (entry) => productOf(entry.body.product)?.name ?? entry.body.product;
const productOf = (sku) => now.sheet.products.find((product) => product.sku === sku);
const groups = () => groupsOf([...now.sheet.rows, ...foundRows(now.sheet, now.entries)]);

function lists() {
  if (!now.sheet) return;
  const all = groups();
  const words = now.words ? now.words.split(/\s+/) : [];
  const shown = (group) => group.sku !== now.card?.sku && finds(group, words);
  screen.hideCard(words.length > 0); // what is searched for comes first; the card and what is written on it stay
  const { left, again } = screen.showLists({ groups: all, standing, current, open, words: now.words, shown });
  now.next = [...again, ...left];
  screen.showHead(now.sheet, all.filter((group) => group.rows.every((row) => standing(row) !== "open")).length, all.length);
  const fits = (product) => words.every((word) => `${product.name} ${product.sku}`.toLowerCase().includes(word));
  const known = new Set(all.map((group) => group.sku));
  screen.showCatalogue(words.length ? now.sheet.products.filter((product) => !known.has(product.sku) && fits(product)).slice(0, 8) : [], find);
  foot(left.length);
}

function foot(left) {
  if (now.card) return screen.showFoot(now.card.button);
  if (now.sheet.status !== "open") return screen.showFoot(el("p", { class: "count-over" }, OVER[now.sheet.status] ?? ""));
  const words = left ? `Hand in, ${left} not counted` : "Hand in the count";
  return screen.showFoot(el("button", { class: `button button--phone ${left ? "" : "button--main"}`, type: "button", onclick: handIn }, words));
}

// What stands on the card of a count that was closed meanwhile goes with the late ones; a manager can see it.
function putAway() {
  const card = now.card;
  now.card = null;
  screen.showCard(null);
  if (card.isTouched()) card.finish();
}
const isOver = () => now.sheet.status === "posted" || now.sheet.status === "cancelled";

const OVER = {
  review: "Handed in. Whatever you still count is taken.",
  posted: "This count is closed; its differences are booked.",
  cancelled: "This count was cancelled.",
};

// -- the hands

function open(group, row = null) {
  if (isOver()) return;
  const same = now.card?.sku === group.sku;
  if (now.card?.isTouched() && !same) now.card.finish();
  const drafts = same ? now.card.drafts : undefined;
  now.card = makeCard({ group, drafts, current, standing, save, close, addRow: () => find(productOf(group.sku), group) });
  screen.showCard(now.card);
  lists();
  now.card.focus(row);
}

function close() {
  now.card = null;
  screen.showCard(null);
  lists();
  document.querySelector("[data-scan-text]").focus();
}

async function save(list) {
  const user = now.user.key;
  const entries = list.map(({ row, steps, how, seen }) => ({
    ...entryOf({ user, number, row, counted: steps, how, seen }),
    found: row.onSheet ? null : { ...row },
  }));
  const leaving = now.card;
  await store.addEntries(entries);
  await draw();
  if (now.card === leaving && !isOver()) {
    now.card = null;
    const [next] = now.next;
    screen.say(next ? `Saved. Next: ${next.name}.` : "Saved. Everything is counted.");
    screen.showCard(null);
    if (next) open(next);
    else lists();
  }
  await send();
}

// Something that is not on the sheet, or another lot of something that is.
function find(product, beside = null, meaning = {}) {
  const row = {
    key: `found ${crypto.randomUUID()}`,
    sku: product.sku,
    name: product.name,
    unit: product.unit,
    lot: meaning.number ?? null, // a lot of ours, only not on this sheet
    supplierLot: meaning.number ? null : (meaning.lot ?? null),
    useBy: meaning.useBy ?? null,
    isOpen: false,
    pack: packOf(product),
    expected: null,
    entries: [],
  };
  const field = document.querySelector("[data-scan-text]");
  field.value = "";
  now.words = "";
  open(beside ? { ...beside, rows: [...beside.rows, row] } : { sku: product.sku, name: product.name, rows: [row] }, row.key);
}

async function scanned(raw, how) {
  now.words = "";
  lists();
  if (!now.sheet) return { ok: false, text: "There is no count to put it into." };
  const meaning = await meaningOf(raw, now.sheet, { camera: how === "scanned" });
  if (meaning?.room) return { ok: false, text: `That is the label of another room, ${meaning.room}.` };
  if (meaning?.choices?.length) {
    screen.showChoices(meaning.choices, (choice) => scanner.say(take(choice, how), "ok"));
    return { ok: true, text: "That can be several things. Tap the right one." };
  }
  if (!meaning?.sku) return byWords(raw, how, meaning?.nothing);
  return { ok: true, text: take(meaning, how) };
}

// Opens what was meant and adds what the label stands for; answers what there is now, in words.
function take(meaning, how) {
  const group = groups().find((one) => one.sku === meaning.sku);
  const product = productOf(meaning.sku);
  if (!group) find(product, null, meaning);
  else if (meaning.lot && !meaning.row) find(product, group, meaning);
  else if (now.card?.sku !== meaning.sku) open(group, meaning.row);
  lists();
  if (!meaning.pack) return product.name;
  const total = now.card.add(meaning.row ?? (meaning.lot ? now.card.last : null), meaning.steps, how);
  return total === null ? `${product.name}: which of these?` : `${product.name}: ${total}`;
}

function byWords(raw, how, why) {
  const words = raw.toLowerCase().split(/\s+/);
  const fitting = groups().filter((group) => finds(group, words));
  if (how === "typed" && fitting.length === 1) {
    open(fitting[0]);
    return { ok: true, text: fitting[0].name };
  }
  now.words = raw.toLowerCase();
  document.querySelector("[data-scan-text]").value = raw;
  lists();
  if (how === "typed" && fitting.length) return { ok: true, text: `${fitting.length} fit. Tap one.` };
  return { ok: false, text: why || "Not known here. Type a part of its name, and choose it." };
}

async function handIn() {
  await send();
  if (now.entries.some((entry) => entry.state === "waiting")) return scanner.say("Some counts wait for the network. They go by themselves; hand in afterwards.", "soon");
  try {
    const { csrf } = await whoAmI();
    await submitCount(csrf, number);
    screen.say("Handed in. Thank you.");
  } catch (error) {
    return scanner.say(error instanceof Refused ? error.message : "That needs the network. What you counted is kept here.", "soon");
  }
  return refresh();
}
