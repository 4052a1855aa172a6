// The service worker: the counting pages open without a network. /sw.js puts `self.kept` before this text (the shell, the
// files it needs, and the version of both). The shell is fetched without a cookie and says nothing about anybody; pages
// made for a person are never kept, and no answer of the server is, save what the app itself puts into IndexedDB.
const CACHE = `stillroom-${self.kept.version}`;
const PATIENCE = 5000; // milliseconds; a network that does not answer is none

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && address.pathname.startsWith(self.kept.pages)) event.respondWith(page(request));
  else if (self.kept.files.includes(address.pathname)) event.respondWith(keptOr(request));
});

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll(self.kept.files);
  const shell = await fetch(self.kept.shell, { credentials: "omit", cache: "reload" });
  if (!shell.ok) throw new Error("The shell of the counting app did not come.");
  await cache.put(self.kept.shell, shell);
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("stillroom-") && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function page(request) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status < 500) return answer;
  } catch {
    // no network, or one that does not answer: the shell below
  }
  return (await caches.match(self.kept.shell)) ?? Response.error();
}

async function keptOr(request) {
  return (await caches.match(request)) ?? fetch(request);
}
