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

// A push service may give a browser a new address, or only take away the old one: what was chosen moves along.
async function move({ oldSubscription, newSubscription }) {
  if (!oldSubscription) return;
  const made = newSubscription ?? (await registration.pushManager.subscribe(oldSubscription.options));
  await fetch("/alerts/push/subscriptions/", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ subscription: made.toJSON(), replaces: oldSubscription.endpoint }),
  });
}

addEventListener("pushsubscriptionchange", (event) => event.waitUntil(move(event)));
