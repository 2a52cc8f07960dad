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
  // Of the page of an active alert: which, the message it shows, and when what it announces begins.
  const { alert: mine, here, until, begins } = band.dataset;
  let news = [];
  let graves = 0;
  let wait = USUAL;
  let timer;

  const newRow = () => band.querySelector("template").content.firstElementChild.cloneNode(true);

  // All that is new at once is one text: a second one would take the place of the first before that is heard.
  function say() {
    band.hidden = !list.firstElementChild;
    if (!news[0]) return;
    urgent.textContent = status.textContent = "";
    (graves ? urgent : status).textContent = news.join(". ");
    news = [];
    graves = 0;
  }

  // Gravest first: what is imminent and was not. The element is the band or the row that shows it.
  function hear(text, { urgency, severity }, { dataset }) {
    const imminent = urgency === "Immediate" && /^(Extreme|Severe)$/.test(severity) ? 1 : "";
    if (imminent && !dataset.imminent) news.splice(graves++, 0, text);
    else news.push(text);
    dataset.imminent = imminent;
  }

  // `active`: the first message of each alert that is; without it only the clock tells.
  function expire(active) {
    for (const element of root.querySelectorAll("[data-expires]")) {
      const { alert, expires, over } = element.dataset;
      if (!isOver(expires) && !(active && alert && !active.includes(alert))) continue;
      if (list.contains(element)) {
        news.push(`${status.dataset.over} ${title(element).textContent}`);
        element.remove();
      } else {
        element.textContent = over;
        delete element.dataset.expires;
        // Of all that an alert's page says of its end this says the most; in a list of alerts the band has said it.
        if (element.matches(".flow .while")) news.push(over);
      }
    }
  }

  function tick() {
    expire();
    say();
  }

  // The page is that of an alert, and no longer what was last said of it: `said` names what is.
  function outdated(alert, said) {
    const id = alert?.identifier ?? "";
    let row = list.querySelector("[data-here]");
    if (row?.dataset.here === id) return;
    if (!row) {
      row = newRow();
      row.href = location.pathname;
      row.onclick = (event) => {
        event.preventDefault();
        location.reload();
      };
      row.querySelector("small").firstChild.data = band.dataset.reload;
      list.prepend(row);
    }
    row.dataset.here = id;
    title(row).textContent = band.dataset[said];
    // That it is over `expire` has said.
    if (alert) hear(band.dataset[said], alert, band);
  }

  function show(alerts) {
    for (const { first_identifier: first, expires } of alerts)
      for (const element of root.querySelectorAll(`[data-alert="${first}"][data-expires]`)) element.dataset.expires = expires;
    expire(alerts.map((alert) => alert.first_identifier));
    const own = alerts.find((alert) => alert.first_identifier === mine);
    // Its end by the clock `expire` has said; but it may have been put off meanwhile.
    const said = own ? (own.identifier !== here ? "updated" : isOver(begins) && "begun") : !isOver(until) && "ended";
    if (here && said) outdated(own, said);
    let place = list.querySelectorAll("[data-here]").length;
    for (const alert of alerts) {
      const { identifier: id, first_identifier: first, expires } = alert;
      if (isOver(expires) || alert === own) continue;
      const row = list.querySelector(`[data-alert="${first}"]`) ?? newRow();
      if (row.dataset.id !== id) {
        Object.assign(row.dataset, { alert: first, id, expires });
        row.href = origin + new URL(alert.url[language]).pathname;
        hear((title(row).textContent = alert.headline[language]), alert, row);
      }
      // Moving a row would take the focus from it.
      if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
      place += 1;
    }
    say();
  }

  async function look() {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const response = await fetch(`${origin}/alerts/active.json`, {
        cache: "no-cache",
        // Not in every browser; without it one that hangs is the last.
        signal: AbortSignal.timeout?.(10e3),
      });
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
    tick();
    look();
  });
  // The pause is long by then, and networks come and go in an emergency.
  addEventListener("online", () => {
    wait = USUAL;
    look();
  });
  setInterval(tick, 1000);
  tick();
  look();
}

if (document.querySelector("aside#alerts.band")) follow(document, document.documentElement.lang.slice(0, 2));
