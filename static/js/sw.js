// Served at /sw.js (home/publishing.py), so that its scope is the whole site, with `self.VIGIE` before it:
// { kept: the addresses to keep by language, the home page first, then the numbers; version }.
// Network first, always: a kept copy appears only when the network gives nothing, and says so.
const KEPT = self.VIGIE.kept;
const PAGES = Object.values(KEPT).flat();
const CACHE = `vigie-${self.VIGIE.version}`;
// Milliseconds before a page that is kept is preferred to a network that hangs.
const PATIENCE = 6000;

const NOTICE = {
  fr: ["Hors connexion. Copie gardée sur cet appareil, faite le", "Elle peut ne plus être à jour."],
  nl: ["Offline. Kopie bewaard op dit toestel, gemaakt op", "Ze kan verouderd zijn."],
};

function assetsOf(html) {
  return [...html.matchAll(/(?:href|src)="(\/[^"]+\.(?:css|svg|js))"/g)].map((match) => match[1]);
}

async function keep(path, response) {
  const cache = await caches.open(CACHE);
  const assets = assetsOf(await response.clone().text());
  await Promise.all(assets.map(async (asset) => (await cache.match(asset)) || cache.add(asset)));
  await cache.put(path, response);
  await prune(cache);
}

// Style sheets change their name with their content; without this the old ones would pile up.
async function prune(cache) {
  const pages = await Promise.all(PAGES.map((path) => cache.match(path)));
  const texts = await Promise.all(pages.filter(Boolean).map((page) => page.text()));
  const needed = new Set([...PAGES, ...texts.flatMap(assetsOf)]);
  for (const request of await cache.keys()) {
    if (!needed.has(new URL(request.url).pathname)) await cache.delete(request);
  }
}

async function refresh(path) {
  const response = await fetch(path, { cache: "no-cache" });
  if (response.ok) await keep(path, response);
}

async function refreshAll() {
  for (const path of PAGES) await refresh(path).catch(() => {});
}

async function kept(path) {
  const cache = await caches.open(CACHE);
  const language = path.startsWith("/nl/") ? "nl" : "fr";
  const response = (await cache.match(path)) || (await cache.match(KEPT[language][1])) || (await cache.match(KEPT[language][0]));
  if (!response) return Response.error();
  const html = await response.text();
  const made = html.match(/<p class="foot__made">.*?<time[^>]*>([^<]+)</s)?.[1] ?? "";
  const [before, after] = NOTICE[language];
  const notice = `<p class="offline" role="status">${before} ${made}. ${after}</p>`;
  return new Response(html.replace(/<header class="top">/, `${notice}$&`), {
    headers: { "Content-Type": "text/html; charset=utf-8" },
  });
}

function hurried(request) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(), PATIENCE);
    fetch(request).then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

async function navigate(event, path) {
  try {
    const response = await (PAGES.includes(path) ? hurried(event.request) : fetch(event.request));
    if (response.status >= 500) throw response;
    if (response.ok && PAGES.includes(path)) event.waitUntil(keep(path, response.clone()));
    return response;
  } catch {
    return kept(path);
  }
}

// What has such a name never changes its content.
const HASHED = /\.[0-9a-f]{8,}\.\w+$/;

async function asset(request) {
  const cache = await caches.open(CACHE);
  const copy = await cache.match(request);
  if (copy && HASHED.test(new URL(request.url).pathname)) return copy;
  return fetch(request).catch((error) => copy ?? Promise.reject(error));
}

addEventListener("install", (event) => {
  event.waitUntil(refreshAll().then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      // A version has no p or s in it: those two are of sw-push.js.
      for (const name of await caches.keys()) if (name !== CACHE && !/-[ps]/.test(name)) await caches.delete(name);
      await clients.claim();
    })(),
  );
});

addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate") {
    if (/^\/(fr|nl)\//.test(url.pathname)) event.respondWith(navigate(event, url.pathname));
  } else if (/\.(css|svg|js)$/.test(url.pathname)) {
    event.respondWith(asset(event.request));
  }
});
