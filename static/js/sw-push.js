// What a device with notifications runs besides sw.js: both are served as one at /sw-push.js (home/publishing.py).
// Notifications (alerts/delivery/push.py). Sent twice, a message is seen once: it takes its own place without a sound, or
// goes again where it was dismissed. It never takes the place of a newer one. A browser wants one shown for each push.
// Which messages were shown as notifications.
const SHOWN = "vigie-shown";

async function notify(message) {
  const shown = await caches.open(SHOWN);
  const mark = `/${encodeURIComponent(message.id)}`;
  const isKnown = Boolean(await shown.match(mark));
  const [there] = await registration.getNotifications({ tag: message.tag });
  const isOld = there?.data.sent > message.sent;
  const { title, body, tag, lang, sent, labels } = isOld ? there.data : message;
  const isSilent = isKnown || isOld;
  await registration.showNotification(title, {
    body,
    tag,
    lang,
    renotify: !isSilent,
    silent: isSilent,
    timestamp: sent,
    data: isOld ? there.data : message,
    actions: [{ action: "settings", title: labels.settings }],
  });
  if (isKnown && !there) {
    for (const again of await registration.getNotifications({ tag })) again.close();
  }
  await shown.put(mark, new Response());
  for (const old of (await shown.keys()).slice(0, -50)) await shown.delete(old);
}

async function visit(url) {
  const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((client) => client.url === url);
  return there ? there.focus() : clients.openWindow(url);
}

addEventListener("push", (event) => {
  if (event.data) event.waitUntil(notify(event.data.json()));
});

addEventListener("notificationclick", (event) => {
  const { url, settings } = event.notification.data;
  event.notification.close();
  event.waitUntil(visit(event.action === "settings" ? settings : url));
});

// What this device told the site (static/js/notifications.js): { endpoint, key, language, municipalities }.
const TOLD = "vigie-push";

// A push service may give a browser a new address, or only take away the old one; not every browser says which one it was,
// and the site may have given it up since. What was chosen moves along: at once, or with the next page that is opened.
async function move({ oldSubscription, newSubscription } = {}) {
  // Who takes the permission away has turned them off.
  if (Notification.permission !== "granted") await caches.delete(TOLD);
  const kept = await caches.match("/", { cacheName: TOLD });
  if (!kept) return;
  const { endpoint, key, ...choice } = await kept.json();
  const { pushManager } = registration;
  const options = oldSubscription?.options ?? { userVisibleOnly: true, applicationServerKey: key };
  const made = newSubscription ?? (await pushManager.getSubscription()) ?? (await pushManager.subscribe(options));
  if (made.endpoint === endpoint) return;
  const response = await fetch("/alerts/push/subscriptions/", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ subscription: made.toJSON(), replaces: endpoint, ...choice }),
  });
  if (!response.ok) return;
  const told = JSON.stringify({ endpoint: made.endpoint, key, ...choice });
  await (await caches.open(TOLD)).put("/", new Response(told));
}

// One after the other, and not while the page turns them on or off: the second finds what the first has told. What fails
// is tried again with the next page.
const moved = (change) => navigator.locks.request(TOLD, () => move(change)).catch(() => {});

addEventListener("pushsubscriptionchange", (event) => event.waitUntil(moved(event)));
// Before that of sw.js: who answers a request is the last to hear of it.
addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") event.waitUntil(moved());
});
