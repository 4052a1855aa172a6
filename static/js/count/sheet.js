// A sheet as the phone works with it: its rows in groups of one product, and how each stands.
export function groupsOf(rows) {
  const groups = new Map();
  for (const row of rows) {
    if (!groups.has(row.sku)) groups.set(row.sku, { sku: row.sku, name: row.name, rows: [] });
    groups.get(row.sku).rows.push(row);
  }
  return [...groups.values()];
}

// What holds for a row now: what the server had and what this phone added, less what either corrected. `entries`: the row's.
export function currentOf(row, entries) {
  const here = entries.filter((entry) => entry.state === "waiting" || entry.state === "stored");
  const gone = new Set(here.flatMap((entry) => entry.supersedes));
  const known = row.entries.filter((entry) => !here.some((one) => one.id === entry.id));
  return [...known.map((entry) => (entry.mine ? { ...entry, by: "You" } : entry)), ...here.map((entry) => ({ ...entry, mine: true, by: "You" }))].filter((entry) => !gone.has(entry.id));
}

// "open" to be counted, "again" please, "disagree" where people found different amounts, or "done".
export function standingOf(row, current, entries) {
  if (!current.length) return "open";
  // The server compares with the book at each moment of counting; until it has, amounts are compared as they are.
  const asSent = current.length === row.entries.length && row.entries.every((entry) => current.some((one) => one.id === entry.id));
  if (asSent ? row.disagree : current.some((entry) => entry.steps !== current[0].steps)) return "disagree";
  const recounted = entries.some((entry) => entry.body?.recount && entry.state !== "refused");
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

// What typing finds: words in any order, in name, code or lot.
export function finds(group, words) {
  const hay = [group.name, group.sku, ...group.rows.flatMap((row) => [row.lot, row.supplierLot])].join(" ").toLowerCase();
  return words.every((word) => hay.includes(word));
}
