// What a scanned or typed text names: {sku, row?, pack?, steps?, lot?, useBy?}, {room}, {choices} or null. First what this phone
// can be certain of by comparing with the sheet; for everything else the server is asked, when it is there.
import { perUnit, stepsOf } from "./amounts.js";
import { resolve } from "./wire.js";

const GTIN = /^\d{8}$|^\d{12,14}$/;
const DATED = /^1[1-7]\d{6}/; // AIs 11 to 17: two digits and a date, always eight in all
const COUNTED = /^3[07](\d{1,8})$/; // AIs 30 and 37: how many, the last thing in the text
const GS = "\u001d";
const same = (code, name) => Boolean(code) && code.toUpperCase() === name.toUpperCase();

export async function meaningOf(raw, sheet, { camera = false } = {}) {
  const here = meaningHere(raw, sheet);
  if (here && (here.row || here.room || !here.lot) && !here.unsure) return here;
  try {
    return fromServer(await resolve(raw, camera), sheet) ?? here;
  } catch {
    return here; // no network: the person confirms what the label says
  }
}

// Only what is certain: of a GS1 element string the fixed places are read, nothing else (docs/decisions/0009).
export function meaningHere(raw, sheet) {
  const text = raw.replace(/^\][A-Za-z][0-9A-Za-z]/, "").replace(/^\u001d/, "").trim();
  return ofOwnLabel(text, sheet) ?? ofName(text, sheet) ?? ofGtin(text, sheet) ?? ofElements(text, sheet);
}

function ofOwnLabel(text, sheet) {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const address = new URL(text);
  const [kind, name] = address.pathname.split("/").slice(-2).map(decodeURIComponent);
  const sku = address.searchParams.get("p");
  if (kind === "r") return same(name, sheet.location.code) ? null : { room: name };
  if (kind !== "b" && sku) return ofLot(ofName(sku, sheet), address.searchParams.get("l"), sheet);
  return name ? ofName(name, sheet) : null;
}

function ofName(text, sheet) {
  const rows = sheet.rows.filter((row) => same(row.lot, text) || same(row.supplierLot, text));
  if (rows.length === 1) return { sku: rows[0].sku, row: rows[0].key };
  const product = sheet.products.find((one) => same(one.sku, text));
  return product ? { sku: product.sku } : null;
}

function ofGtin(text, sheet) {
  if (!GTIN.test(text)) return null;
  const gtin = text.padStart(14, "0");
  for (const product of sheet.products) {
    const pack = product.packs.find((one) => one.gtin === gtin);
    if (pack) return { sku: product.sku, pack, steps: pack.steps };
  }
  return null;
}

// A lot that the sheet does not hold is offered, not believed: a scanner may have dropped the separator behind it.
function ofLot(product, lot, sheet) {
  if (!product || !lot) return product;
  const rows = sheet.rows.filter((row) => row.sku === product.sku && !row.isOpen && (same(row.lot, lot) || same(row.supplierLot, lot)));
  return rows.length === 1 ? { ...product, row: rows[0].key } : { ...product, lot };
}

function ofElements(text, sheet) {
  const plain = text.replace(/\(01\)(\d{14})/, "01$1").replace(/\((1[1-7])\)(\d{6})/g, "$1$2").replace(/\((\d{2,4})\)/g, (_, ai, at) => (at ? GS : "") + ai);
  const found = /^01(\d{14})(.*)$/s.exec(plain);
  const product = found && ofGtin(found[1], sheet);
  if (!product) return null;
  let rest = found[2].replace(/^\u001d/, "");
  while (DATED.test(rest)) rest = rest.slice(8).replace(/^\u001d/, "");
  const parts = rest.split(GS);
  const times = parts.map((part) => COUNTED.exec(part)?.[1]).find(Boolean);
  const many = times ? { ...product, steps: product.steps * Number(times) } : product;
  if (parts[0].startsWith("10")) return ofLot(many, parts[0].slice(2), sheet);
  return times || !rest ? many : { ...many, unsure: true };
}

function fromServer(said, sheet) {
  if (said.what === "location") return { room: said.location_name ?? said.location };
  if (said.what === "unclear") return { choices: said.choices.map((choice) => ({ text: choice.message, ...fromServer(choice, sheet) })).filter((choice) => choice.sku) };
  const product = sheet.products.find((one) => one.sku === said.product);
  if (said.what === "nothing" || !product) return said.message ? { nothing: said.message } : null;
  const steps = (quantity) => (quantity ? stepsOf(quantity.amount, perUnit(quantity.unit)) : undefined);
  const pack = product.packs.find((one) => one.code === said.pack) ?? null;
  const meaning = { sku: product.sku, pack, steps: steps(said.quantity) ?? pack?.steps };
  const row = sheet.rows.find((one) => one.sku === product.sku && (same(one.lot, said.lot ?? "") || (!said.lot && !one.isOpen && same(one.supplierLot, said.supplier_lot ?? ""))));
  if (row) return { ...meaning, row: row.key };
  if (said.lot) return { ...meaning, number: said.lot, lot: said.lot, useBy: said.expires_on };
  return said.supplier_lot ? { ...meaning, lot: said.supplier_lot, useBy: said.expires_on } : meaning;
}
