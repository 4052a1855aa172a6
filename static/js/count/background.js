// In the service worker, where the browser knows background sync: what waits is sent while no page is open.
import { sendWaiting, TAG } from "./sync.js";

self.addEventListener("sync", (event) => {
  if (event.tag === TAG) event.waitUntil(sendAll());
});

async function sendAll() {
  const outcome = await sendWaiting();
  // Failing tells the browser to try again later; signed out, only a person can help.
  if (outcome.state === "offline" || outcome.state === "busy") throw new Error("Not yet.");
}
