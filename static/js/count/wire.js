// What the phone and the server say to each other (docs/counting.md), in the phone's own shape: amounts are whole steps.
import { perUnit, plainAmount, stepsOf } from "./amounts.js";

export class Offline extends Error {}
export class SignedOut extends Error {}
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || "The server refused that.");
    this.status = status;
    this.problem = problem;
  }
}

// Answers JSON; Offline for everything that trying again may mend, SignedOut where a person must sign in first.
export async function ask(address, { body, csrf, patience = 20_000 } = {}) {
  const headers = { Accept: "application/json" };
  if (body) Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": csrf });
  let answer;
  try {
    answer = await fetch(address, {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(patience),
    });
  } catch {
    throw new Offline("No network.");
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignedOut("Signed out.");
  const json = await answer.json().catch(() => null);
  if (answer.ok && json) return json;
  if (answer.status >= 500 || answer.status === 429 || !json) throw new Offline(`The server answered ${answer.status}.`);
  throw new Refused(answer.status, json);
}

export const whoAmI = () => ask("/count/session.json");
const at = (number, what) => `/counts/${encodeURIComponent(number)}/${what}.json`;

export const openCounts = () => ask("/counts/open.json");
export const startCount = (csrf, location, blind) => ask("/counts/start.json", { csrf, body: { location, blind } });
export const resolve = (text, camera) => ask(`/scan?format=json&text=${encodeURIComponent(text)}${camera ? "&from=camera" : ""}`, { patience: 3_000 });
export const fetchSheet = async (number) => sheetFrom(await ask(at(number, "sheet")));
export const submitCount = (csrf, number) => ask(at(number, "submit"), { csrf, body: {} });
export async function sendEntries(csrf, number, entries) {
  const body = { device_now: new Date().toISOString(), entries: entries.map((entry) => entry.body) };
  return ask(at(number, "entries"), { csrf, body });
}

const steps = (quantity) => stepsOf(quantity.amount, perUnit(quantity.unit));

export function sheetFrom(json) {
  const { count } = json;
  const products = json.products.map((product) => ({
    ...product,
    packs: product.packs.map((pack) => ({ ...pack, steps: steps(pack.size) })),
  }));
  const bySku = new Map(products.map((product) => [product.sku, product]));
  return {
    ...count,
    started: count.started_at,
    products,
    rows: json.lines.map((line) => rowFrom(line, bySku.get(line.product))),
  };
}

function rowFrom(line, product) {
  const unit = product.unit;
  return {
    key: `line ${line.line}`,
    onSheet: true,
    sku: line.product,
    name: product.name,
    unit,
    lot: line.lot,
    supplierLot: line.supplier_lot,
    useBy: line.use_by ?? line.expires_on,
    state: line.state,
    isOpen: Boolean(line.opened),
    pack: line.opened ? { name: line.opened.pack, steps: steps(line.opened.filled) } : packOf(product),
    expected: line.expected === undefined ? null : steps(line.expected),
    recount: line.recount,
    disagree: line.disagree,
    entries: line.entries.map((entry) => ({
      id: entry.id,
      steps: steps(entry.quantity),
      at: Date.parse(entry.counted_at),
      by: entry.counted_by,
      mine: entry.mine,
    })),
  };
}

// Sealed goods are counted in the pack they are handed out in; without one, in the unit itself.
export function packOf(product) {
  const pack = product.packs.find((one) => one.sales) ?? product.packs[0];
  return pack ? { name: pack.name, steps: pack.steps } : { name: product.unit, steps: perUnit(product.unit) };
}

// An entry as it is kept and sent; `seen` are the entries that the person saw on the line and corrects by this one.
export function entryOf({ user, number, row, counted, how, seen, note = "" }) {
  const now = new Date();
  const id = crypto.randomUUID();
  const body = {
    id,
    product: row.sku,
    lot: row.lot,
    supplier_lot: row.lot ? null : row.supplierLot || null, // a lot with a number of ours needs no label
    expires_on: row.lot ? null : row.useBy || null,
    quantity: { amount: plainAmount(counted, row.unit), unit: row.unit },
    counted_at: now.toISOString(),
    how,
    recount: Boolean(row.recount),
    supersedes: seen.map((entry) => entry.id),
    note,
  };
  return { id, user, number, row: row.key, steps: counted, at: now.getTime(), supersedes: body.supersedes, body };
}
