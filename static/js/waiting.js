// Counts that a phone still holds are sent from whatever page is open, and signing out leaves nothing to read behind.
import { kept } from "./kept.js";

const MARK = "stillroom.counts"; // set once this browser has counted; everywhere else nothing is loaded
const PATIENCE = 3000;

export const markCounting = () => kept("localStorage")?.setItem(MARK, "1");

export function startWaiting() {
  if (!kept("localStorage")?.getItem(MARK) || document.querySelector("[data-count-app]")) return;
  const send = () => import("./count/sync.js").then(({ sendWaiting }) => sendWaiting()).catch(() => undefined);
  if (document.querySelector(".rail")) send();
  addEventListener("online", send);
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (new URL(form.action, location.href).pathname !== "/sign-out") return;
    event.preventDefault();
    // What waits goes first, if it can; what cannot go stays for the same person alone.
    await Promise.race([send(), new Promise((done) => setTimeout(done, PATIENCE))]);
    await import("./count/store.js").then(({ forgetWhoIsHere }) => forgetWhoIsHere()).catch(() => undefined);
    form.submit();
  });
}
