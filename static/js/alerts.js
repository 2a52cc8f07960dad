// Keeps the alert band true while the page is open: by /alerts/active.json, and by the reader's clock.
const USUAL = 15e3;
const LONGEST = 120e3;
const band = document.getElementById("alerts");
const list = band.querySelector("div");
const language = document.documentElement.lang.slice(0, 2);
const status = document.querySelector("p[role=status][data-over]");
const urgent = document.querySelector("p[role=alert]");
let wait = USUAL;
let timer;

const isOver = (time) => Date.parse(time) <= Date.now();
const title = (row) => row.querySelector("b");

function drop(row) {
  status.textContent = `${status.dataset.over} ${title(row).textContent}`;
  row.remove();
}

function expire() {
  for (const element of document.querySelectorAll("[data-expires]")) {
    if (!isOver(element.dataset.expires)) continue;
    if (list.contains(element)) drop(element);
    else {
      element.textContent = element.dataset.over;
      delete element.dataset.expires;
    }
  }
  band.hidden = !list.firstElementChild;
}

function show(alerts) {
  const gone = new Map([...list.children].map((row) => [row.pathname, row]));
  let place = 0;
  for (const alert of alerts) {
    const path = new URL(alert.url[language]).pathname;
    if (isOver(alert.expires) || path === location.pathname) continue;
    let row = gone.get(path);
    const isNew = !row;
    row ??= band.querySelector("template").content.firstElementChild.cloneNode(true);
    gone.delete(path);
    if (row.dataset.id !== alert.identifier) {
      Object.assign(row.dataset, { id: alert.identifier, expires: alert.expires });
      row.href = path;
      title(row).textContent = alert.headline[language];
      const isGrave = alert.urgency === "Immediate" && /^(Extreme|Severe)$/.test(alert.severity);
      (isNew && isGrave ? urgent : status).textContent = alert.headline[language];
    }
    // Moving a row would take the focus from it.
    if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
    place += 1;
  }
  gone.forEach(drop);
  band.hidden = !place;
}

async function look() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    const response = await fetch("/alerts/active.json", { cache: "no-cache" });
    if (!response.ok) throw new Error(response.status);
    show((await response.json()).alerts);
    wait = USUAL;
  } catch {
    wait = Math.min(wait * 2, LONGEST);
  }
  clearTimeout(timer);
  timer = setTimeout(look, wait * (0.8 + Math.random() * 0.4));
}

document.addEventListener("visibilitychange", () => {
  expire();
  look();
});
setInterval(expire, 1000);
expire();
look();
