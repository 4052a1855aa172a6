// Sending what waits. One page (or the worker) sends at a time; whoever else wants to is told afterwards. An entry keeps its
// id whatever happens, so that sending it again after a lost answer stores it once.
import * as store from "./store.js";
import { Offline, Refused, sendEntries, SignedOut, whoAmI } from "./wire.js";

export const TAG = "counts";
export const news = new BroadcastChannel("stillroom-counts");
const BATCH = 200;

// -> {state: "sent" | "nothing" | "offline" | "signed out" | "busy", numbers}
export async function sendWaiting() {
  const outcome = await navigator.locks.request("stillroom-counts", { ifAvailable: true }, (lock) => (lock ? attempt() : { state: "busy" }));
  if (outcome.state === "sent") news.postMessage({ sent: outcome.numbers });
  return outcome;
}

async function attempt() {
  const waiting = await store.waitingEntries();
  if (!waiting.length) return { state: "nothing" };
  try {
    const session = await whoAmI();
    await store.setWhoIsHere(session.user);
    const mine = waiting.filter((entry) => entry.user === session.user.key);
    if (!mine.length) return { state: "nothing" };
    const numbers = [...new Set(mine.map((entry) => entry.number))];
    for (const number of numbers) await sendOne(session.csrf, number, mine.filter((entry) => entry.number === number));
    return { state: "sent", numbers };
  } catch (error) {
    if (error instanceof SignedOut) return { state: "signed out" };
    if (error instanceof Offline) return { state: "offline" };
    throw error;
  }
}

async function sendOne(csrf, number, entries) {
  entries.sort((a, b) => a.at - b.at);
  for (let from = 0; from < entries.length; from += BATCH) {
    const batch = entries.slice(from, from + BATCH);
    try {
      const answer = await sendEntries(csrf, number, batch);
      await store.settle(answer.results.map(outcomeOf));
    } catch (error) {
      // A token of an older session: a new one comes with the next attempt. Anything else concerns the whole count.
      if (!(error instanceof Refused)) throw error;
      if (error.status === 400) throw new Offline(error.message);
      await store.settle(batch.map(({ id }) => ({ id, state: "refused", reason: error.message })));
    }
  }
}

function outcomeOf({ id, result, message }) {
  if (result === "refused") return { id, state: "refused", reason: message || "The server could not use it." };
  if (result === "late") return { id, state: "late", reason: "The count was closed before it arrived; a manager can see it." };
  return { id, state: "stored" };
}

// Asks the browser to send even when all pages are closed, where it can.
export async function sendLater() {
  try {
    const registration = await navigator.serviceWorker?.getRegistration();
    await registration?.sync?.register(TAG);
  } catch {
    // not allowed or not known here: pages send by themselves
  }
}
