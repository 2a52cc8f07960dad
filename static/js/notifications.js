// Turns notifications on and off for this browser. What was chosen is remembered here, so that it can be shown again.
const root = document.getElementById("push");
const form = root.querySelector("form");
const status = root.querySelector("[role=status]");
const towns = form.querySelector(".towns");
const off = form.querySelector("button[type=button]");
const { key, url } = root.dataset;
// Also read by the worker (static/js/sw-push.js), which tells the site when the browser's address has changed.
const MEMORY = "vigie-push";

const chosen = () => {
  const data = new FormData(form);
  return { language: data.get("language"), municipalities: data.get("where") ? data.getAll("nis") : [] };
};

const say = (name) => {
  status.textContent = "";
  status.textContent = root.dataset[name];
};

async function send(method, body) {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body), credentials: "omit" });
  if (!response.ok) throw new Error(response.status);
}

function show(isOn) {
  off.hidden = !isOn;
  towns.hidden = !form.elements.where.value;
}

const remembered = async () => (await caches.match("/", { cacheName: MEMORY }))?.json();

async function remember(told) {
  await (await caches.open(MEMORY)).put("/", new Response(JSON.stringify(told)));
}

function recall({ language, municipalities } = {}) {
  if (language) form.elements.language.value = language;
  if (municipalities?.length) form.elements.where.value = "some";
  for (const box of towns.querySelectorAll("input")) box.checked = municipalities?.includes(box.value) ?? false;
}

// The worker that shows notifications, in place of the one that every device has: the one before would show none.
async function takeOver() {
  const { installing, waiting } = await navigator.serviceWorker.register("/sw-push.js");
  const worker = installing ?? waiting;
  if (!worker) return;
  await new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("not installed"));
    });
  });
}

async function turnOn(registration) {
  const choice = chosen();
  if (form.elements.where.value && !choice.municipalities.length) return say("none");
  // First of all that takes time: some browsers ask only right after a click.
  if ((await Notification.requestPermission()) !== "granted") return say("refused");
  await takeOver();
  // The worker tells the site of a new address under the same lock.
  await navigator.locks.request(MEMORY, () => subscribe(registration, choice));
}

async function subscribe(registration, choice) {
  const before = await registration.pushManager.getSubscription();
  const options = { userVisibleOnly: true, applicationServerKey: key };
  // Made with another key, it would never be reached.
  const subscription = await registration.pushManager.subscribe(options).catch(async (error) => {
    if (!before) throw error;
    await before.unsubscribe();
    return registration.pushManager.subscribe(options);
  });
  await send("POST", { subscription: subscription.toJSON(), ...choice }).catch(async (error) => {
    // Nobody would reach it, and the page would take it for one that is on.
    if (!before) await subscription.unsubscribe();
    throw error;
  });
  await remember({ endpoint: subscription.endpoint, key, ...choice });
  show(true);
  say(before ? "saved" : "on");
}

async function turnOff(registration) {
  await navigator.locks.request(MEMORY, async () => {
    const subscription = await registration.pushManager.getSubscription();
    const told = await remembered();
    // The site may know it by an address that the browser has no more.
    const endpoints = new Set([told?.endpoint, subscription?.endpoint].filter(Boolean));
    for (const endpoint of endpoints) await send("DELETE", { endpoint });
    await subscription?.unsubscribe();
    await caches.delete(MEMORY);
  });
  show(false);
  say("off");
}

async function start() {
  const registration = await navigator.serviceWorker.ready;
  const guarded = (action) => (event) => {
    event.preventDefault();
    action(registration).catch(() => say("failed"));
  };
  form.addEventListener("submit", guarded(turnOn));
  off.addEventListener("click", guarded(turnOff));
  form.addEventListener("change", () => { towns.hidden = !form.elements.where.value; });
  const told = await remembered();
  recall(told);
  const subscription = await registration.pushManager.getSubscription();
  show(subscription || told);
  if (subscription) say("on");
  root.querySelector("[data-unsupported]").hidden = true;
  form.hidden = false;
}

if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) start();
