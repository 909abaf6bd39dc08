// Keeps the site for use without a network. The build writes in what there is and under which name (vite.config.js): every
// file's name changes with its content, so what is kept never grows old; the page itself is asked for anew each time. A new
// version waits until every page of the old one is closed, as those may still need parts that nobody serves any more.

const VERSION = "__VERSION__";
const FIRST = __FILES__;

self.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(VERSION);
    await cache.addAll(FIRST);
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const clear = async () => {
    for (const name of await caches.keys()) if (name !== VERSION) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(clear());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  event.respondWith(answer(event.request));
});

// Somebody reads the documentation: its pages, each asked for by whoever reads one.
self.addEventListener("message", (event) => {
  const keep = async () => {
    const cache = await caches.open(VERSION);
    const own = event.data?.keep?.filter((url) => new URL(url).origin === location.origin) ?? [];
    for (const url of own) if (!(await cache.match(url))) await cache.add(url);
  };
  event.waitUntil(keep());
});

async function answer(request) {
  const cache = await caches.open(VERSION);
  if (request.mode === "navigate") {
    try {
      return await fetch(request);
    } catch (error) {
      const kept = (await cache.match(request, { ignoreSearch: true })) ?? (await cache.match("./"));
      if (kept) return kept;
      throw error;
    }
  }
  // A page that came anew may be of a version that is kept already and still waits.
  const kept = await caches.match(request, { ignoreSearch: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}
