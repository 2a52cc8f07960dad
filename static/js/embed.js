// Published as /alerts/embed.js (alerts/delivery/embed.py), with `VIGIE` before it: { follow: the address of alerts.js; css;
// icons: each one's outline; texts by language }. Puts the band of active alerts where the script tag stands, or at the top of the page where that is
// in the head. No cookie, no markup as text, no style sheet but a constructed one: it works under a strict policy.
const script = document.currentScript;
const { origin } = new URL(script.src);
const language = /^nl/.test(script.dataset.lang || document.documentElement.lang) ? "nl" : "fr";
const texts = VIGIE.texts[language];

function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function icon(name) {
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  const attributes = { class: "icon", "aria-hidden": "true", viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2" };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  path.setAttribute("d", VIGIE.icons[name]);
  svg.append(path);
  return svg;
}

// On a page of this site's own the rows stand there as it was built (templates/slots/plain_band.html).
const plain = script.previousElementSibling?.querySelectorAll(":scope > a.now[data-id]") ?? [];

function band() {
  const template = make("template", {});
  const headline = make("span", {}, make("span", { class: "hide" }, `${texts.alert} `), make("b", {}));
  template.content.append(make("a", { href: "" }, icon("alert"), headline, make("small", {}, texts.todo, icon("arrow"))));
  const rows = [...plain].map((link) => {
    const row = template.content.firstElementChild.cloneNode(true);
    Object.assign(row.dataset, link.dataset);
    row.href = link.href;
    row.querySelector("b").textContent = link.querySelector("b").textContent;
    return row;
  });
  return [
    make("aside", { id: "alerts", class: "band", "aria-label": texts.label, hidden: "" }, make("div", {}, ...rows), template),
    make("p", { class: "hide", role: "status", "data-over": texts.over }),
    make("p", { class: "hide", role: "alert" }),
  ];
}

function start() {
  const place = make("div", { lang: texts.lang });
  const root = place.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(VIGIE.css);
  root.adoptedStyleSheets = [sheet];
  root.append(...band());
  if (document.body.contains(script)) script.after(place);
  else document.body.prepend(place);
  import(new URL(VIGIE.follow, origin).href).then(({ follow }) => {
    for (const link of plain) link.remove();
    follow(root, language, origin);
  });
}

if (document.body) start();
else addEventListener("DOMContentLoaded", start);
