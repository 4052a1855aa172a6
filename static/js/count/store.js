// What the phone keeps: sheets and entries, each under the person they belong to. An entry stays until its count is over;
// it is written here before anything else happens, and forgotten only after the server has said what became of it.
import "../../vendor/idb/idb.min.js";

const NAME = "stillroom-counts";

let opened;
function database() {
  opened ??= globalThis.idb.openDB(NAME, 1, {
    upgrade(db) {
      db.createObjectStore("people", { keyPath: "slot" });
      db.createObjectStore("sheets", { keyPath: ["user", "number"] });
      const entries = db.createObjectStore("entries", { keyPath: "id" });
      entries.createIndex("count", ["user", "number"]);
      entries.createIndex("state", "state");
    },
    blocking() {
      // Another page wants a newer shape of the database: let it have it.
      opened.then((db) => db.close());
      opened = undefined;
    },
  });
  return opened;
}

// Some browsers refuse in private windows.
export const canKeep = () => database().then(() => true, () => false);

// -- who works with this phone

export async function whoIsHere() {
  return (await (await database()).get("people", "here"))?.user ?? null;
}

// Somebody else's sheets are wiped; what they counted and was not sent waits for them.
export async function setWhoIsHere(user) {
  const db = await database();
  const before = await whoIsHere();
  await db.put("people", { slot: "here", user });
  if (before && before.key !== user.key) await forgetSheets((sheet) => sheet.user !== user.key);
}

// Signing out leaves nothing to read; what waits or was refused is there when the same person signs in again.
export async function forgetWhoIsHere() {
  await (await database()).delete("people", "here");
  await forgetSheets(() => true);
}

async function forgetSheets(which) {
  const db = await database();
  const transaction = db.transaction(["sheets", "entries"], "readwrite");
  for (const sheet of await transaction.objectStore("sheets").getAll()) {
    if (which(sheet)) await transaction.objectStore("sheets").delete([sheet.user, sheet.number]);
  }
  for (const entry of await transaction.objectStore("entries").getAll()) {
    if (which(entry) && entry.state === "stored") await transaction.objectStore("entries").delete(entry.id);
  }
  await transaction.done;
}

// -- sheets

export const keepSheet = async (user, number, sheet) =>
  (await database()).put("sheets", { user, number, sheet, keptAt: Date.now() });
export const sheetOf = async (user, number) => (await (await database()).get("sheets", [user, number]))?.sheet ?? null;
export async function sheetsOf(user) {
  return (await (await database()).getAll("sheets")).filter((kept) => kept.user === user);
}
export async function forgetSheet(user, number) {
  const db = await database();
  await db.delete("sheets", [user, number]);
  for (const entry of await entriesOf(user, number)) {
    if (entry.state === "stored") await db.delete("entries", entry.id); // what was refused waits to be read
  }
}

// -- entries: waiting -> stored | refused

export const addEntries = async (entries) => {
  const transaction = (await database()).transaction("entries", "readwrite");
  for (const entry of entries) transaction.store.put({ ...entry, state: "waiting" });
  await transaction.done;
};
export const entriesOf = async (user, number) => (await database()).getAllFromIndex("entries", "count", [user, number]);
export const waitingEntries = async () => (await database()).getAllFromIndex("entries", "state", "waiting");

// What the server said about each; an entry that it did not name goes on waiting.
export async function settle(results) {
  const transaction = (await database()).transaction("entries", "readwrite");
  for (const { id, state, reason } of results) {
    const entry = await transaction.store.get(id);
    if (entry) await transaction.store.put({ ...entry, state, reason });
  }
  await transaction.done;
}
export const dropEntry = async (id) => (await database()).delete("entries", id);
