// Keeps a band of alerts true while a page is open: by /alerts/active.json, and by the reader's clock. The band is that of
// this site's pages (templates/components/emergency.html), or through embed.js that of another site.
const USUAL = 10e3;

const isOver = (time) => Date.parse(time) <= Date.now();
const title = (row) => row.querySelector("b");

export function follow(root, language, origin = location.origin) {
  const band = root.querySelector("#alerts");
  const list = band.querySelector("div");
  const status = root.querySelector("p[role=status][data-over]");
  const urgent = root.querySelector("p[role=alert]");
  const made = Date.parse(root.querySelector(".foot__made time")?.dateTime);
  // Of the page of an active alert: the message it shows.
  const { here, until } = band.dataset;
  let wait = USUAL;
  let timer;

  const newRow = () => band.querySelector("template").content.firstElementChild.cloneNode(true);

  function say(text, region = status) {
    if (region.textContent !== text) region.textContent = text;
  }

  function drop(row) {
    say(`${status.dataset.over} ${title(row).textContent}`);
    row.remove();
  }

  // `active`: the paths of all that is; without it only the clock tells.
  function expire(active) {
    for (const element of root.querySelectorAll("[data-expires]")) {
      const { expires, url } = element.dataset;
      if (!isOver(expires) && !(active && url && !active.includes(url))) continue;
      if (list.contains(element)) drop(element);
      else {
        say((element.textContent = element.dataset.over));
        delete element.dataset.expires;
      }
    }
    band.hidden = !list.firstElementChild;
  }

  // The page is that of an alert, and no longer what was last said.
  function outdated(alert) {
    const text = band.dataset[alert ? "updated" : "ended"];
    let row = list.querySelector("[data-here]");
    if (!row) {
      row = newRow();
      row.dataset.here = "";
      row.href = location.pathname;
      row.onclick = (event) => {
        event.preventDefault();
        location.reload();
      };
      row.querySelector("small").firstChild.data = band.dataset.reload;
      list.prepend(row);
    }
    title(row).textContent = text;
    say(text);
  }

  function show(alerts) {
    const rows = [...list.children].filter((row) => !("here" in row.dataset));
    const gone = new Map(rows.map((row) => [row.href, row]));
    const paths = alerts.map((alert) => new URL(alert.url[language]).pathname);
    const own = alerts[paths.indexOf(location.pathname)];
    expire(paths);
    if (here && own?.identifier !== here && !isOver(until)) outdated(own);
    let place = list.children.length - rows.length;
    for (const [index, alert] of alerts.entries()) {
      if (isOver(alert.expires) || (alert === own && origin === location.origin)) continue;
      const { href } = new URL(paths[index], origin);
      const isNew = !gone.has(href);
      const row = gone.get(href) ?? newRow();
      gone.delete(href);
      if (row.dataset.id !== alert.identifier) {
        Object.assign(row.dataset, { id: alert.identifier, expires: alert.expires });
        row.href = href;
        title(row).textContent = alert.headline[language];
        const isGrave = alert.urgency === "Immediate" && /^(Extreme|Severe)$/.test(alert.severity);
        say(alert.headline[language], isNew && isGrave ? urgent : status);
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
      const response = await fetch(`${origin}/alerts/active.json`, { cache: "no-cache" });
      if (!response.ok) throw response;
      const { alerts, generated_at } = await response.json();
      // A copy from before this page was made knows less than the page.
      if (!(Date.parse(generated_at) < made)) show(alerts);
      wait = USUAL;
    } catch {
      // At most two minutes.
      wait = Math.min(wait * 2, 120e3);
    }
    clearTimeout(timer);
    timer = setTimeout(look, wait * (.8 + Math.random() * .4));
  }

  document.addEventListener("visibilitychange", () => {
    expire();
    look();
  });
  setInterval(expire, 1000);
  expire();
  look();
}

if (document.querySelector("aside#alerts.band")) follow(document, document.documentElement.lang.slice(0, 2));
