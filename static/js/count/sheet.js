// A sheet as the phone works with it: its rows in groups of one product, and what a code on a label means here.
const GTIN = /^\d{8}$|^\d{12,14}$/;
const DATED = /^1[1-7]\d{6}/; // AIs 11 to 17: two digits and a date, always eight in all
const GS = "\u001d";

export function groupsOf(rows) {
  const groups = new Map();
  for (const row of rows) {
    if (!groups.has(row.sku)) groups.set(row.sku, { sku: row.sku, name: row.name, rows: [] });
    groups.get(row.sku).rows.push(row);
  }
  return [...groups.values()];
}

// What holds for a row now: what the server had and what this phone added, less what either corrected.
export function currentOf(row, entries) {
  const here = entries.filter((entry) => entry.row === row.key && (entry.state === "waiting" || entry.state === "stored"));
  const gone = new Set(here.flatMap((entry) => entry.supersedes));
  const known = row.entries.filter((entry) => !here.some((one) => one.id === entry.id));
  return [...known.map((entry) => (entry.mine ? { ...entry, by: "You" } : entry)), ...here.map((entry) => ({ ...entry, mine: true, by: "You" }))].filter((entry) => !gone.has(entry.id));
}

// "open" to be counted, "again" please, "disagree" where people found different amounts, or "done".
export function standingOf(row, current, entries) {
  if (!current.length) return "open";
  if (current.some((entry) => entry.steps !== current[0].steps)) return "disagree";
  const recounted = entries.some((entry) => entry.row === row.key && entry.body?.recount && entry.state !== "refused");
  return row.recount && !recounted ? "again" : "done";
}

// Things that were found and are not on the sheet yet are rows of this phone until the next sheet has them.
export function foundRows(sheet, entries) {
  const known = new Set(sheet.rows.map((row) => row.key));
  const found = new Map();
  for (const entry of entries) {
    if (entry.found && !known.has(entry.row) && entry.state !== "refused") found.set(entry.row, { ...entry.found, entries: [] });
  }
  return [...found.values()];
}

// What a scanned or typed text names: {sku, row?, pack?, lot?}, or null. Only what is certain: product and lot are compared
// with what the sheet holds, and of a GS1 element string only the fixed places are read (docs/decisions/0009).
export function meaningOf(raw, sheet) {
  const text = raw.replace(/^\][A-Za-z][0-9A-Za-z]/, "").replace(/^\u001d/, "").trim();
  return ofOwnLabel(text, sheet) ?? ofName(text, sheet) ?? ofGtin(text, sheet) ?? ofElements(text, sheet);
}

function ofOwnLabel(text, sheet) {
  if (!/^https?:\/\//i.test(text)) return null;
  const [kind, name] = new URL(text).pathname.split("/").slice(-2).map(decodeURIComponent);
  return kind === "r" && name.toUpperCase() !== sheet.location.code.toUpperCase() ? { room: name } : ofName(name, sheet);
}

function ofName(text, sheet) {
  const name = text.toUpperCase();
  const is = (code) => code && code.toUpperCase() === name;
  const rows = sheet.rows.filter((row) => is(row.lot) || is(row.supplierLot));
  if (rows.length === 1) return { sku: rows[0].sku, row: rows[0].key };
  const product = sheet.products.find((one) => is(one.sku));
  return product ? { sku: product.sku } : null;
}

function ofGtin(text, sheet) {
  if (!GTIN.test(text)) return null;
  const gtin = text.padStart(14, "0");
  for (const product of sheet.products) {
    const pack = product.packs.find((one) => one.gtin === gtin);
    if (pack) return { sku: product.sku, pack };
  }
  return null;
}

function ofElements(text, sheet) {
  const plain = text.replace(/\(01\)(\d{14})/, "01$1").replace(/\((1[1-7])\)(\d{6})/g, "$1$2").replace(/\(10\)/, "10").replace(/\(\d+\)/g, GS);
  const found = /^01(\d{14})(.*)$/s.exec(plain);
  const product = found && ofGtin(found[1], sheet);
  if (!product) return null;
  let rest = found[2];
  while (DATED.test(rest)) rest = rest.slice(8);
  if (!rest.startsWith("10")) return product;
  const [lot] = rest.slice(2).split(GS);
  const here = sheet.rows.filter((row) => row.sku === product.sku && !row.isOpen);
  const row = here.find((one) => [one.lot, one.supplierLot].some((code) => code && code.toUpperCase() === lot.toUpperCase()));
  // A lot that the sheet does not hold is offered, not believed: a scanner may have dropped the separator behind it.
  return row ? { ...product, row: row.key } : { ...product, lot };
}

// What typing finds: words in any order, in name, code or lot.
export function finds(group, words) {
  const hay = [group.name, group.sku, ...group.rows.flatMap((row) => [row.lot, row.supplierLot])].join(" ").toLowerCase();
  return words.every((word) => hay.includes(word));
}
