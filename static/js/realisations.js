// Combines the filters of a list of realisations. Each filter alone is a page of its own and stays an ordinary link;
// two and more are worked out here, over the JSON index beside the list, with the list's own markup.
const results = document.querySelector("[data-listing]");
const base = results.dataset.listing;
const grid = results.querySelector("ul");
const heading = results.querySelector("h2");
const pages = results.querySelector("nav");
const kicker = document.querySelector(".page-header .kicker");
const language = document.documentElement.lang.slice(0, 2);
const links = [...document.querySelectorAll("#filters .filters a")].map((link) => {
  const [segment, slug] = relative(link.pathname).split("/");
  return { link, segment, slug, count: link.querySelector(".count"), item: link.closest("li") };
});
const switches = [...document.querySelectorAll("a[hreflang]")].filter((link) => !link.lang.startsWith(language));

function relative(path) {
  return path.startsWith(base) ? path.slice(base.length) : "";
}

// What the address says: segment → slug, as in { theme: "jeunesse", annee: "2026" }.
function chosen() {
  const choice = Object.fromEntries(new URLSearchParams(location.search));
  const known = new Set(links.map((each) => each.segment));
  for (const segment of Object.keys(choice)) if (!known.has(segment)) delete choice[segment];
  const [segment, slug] = relative(location.pathname).split("/");
  if (known.has(segment)) choice[segment] = slug;
  return choice;
}

function address(choice, home = base) {
  const entries = Object.entries(choice);
  if (entries.length === 0) return home;
  return entries.length === 1 ? `${home}${entries[0].join("/")}/` : `${home}?${new URLSearchParams(choice)}`;
}

function toggled(choice, { segment, slug }) {
  const { [segment]: current, ...rest } = choice;
  return current === slug ? rest : { ...rest, [segment]: slug };
}

let index;
function load() {
  index ??= fetch(`${base}index.json`).then((response) => {
    if (!response.ok) throw new Error(`The index answers ${response.status}.`);
    return response.json();
  });
  return index;
}

const before = {
  title: document.title,
  heading: heading.innerHTML,
  grid: grid.innerHTML,
  links: links.map(({ link, count, item }) => ({
    href: link.href,
    current: link.getAttribute("aria-current"),
    count: count?.textContent,
    hidden: item.hidden,
  })),
  switches: switches.map((link) => link.href),
};

function restore() {
  document.title = before.title;
  heading.innerHTML = before.heading;
  grid.innerHTML = before.grid;
  for (const part of [pages, kicker]) if (part) part.hidden = false;
  links.forEach(({ link, count, item }, number) => {
    const { href, current, count: text, hidden } = before.links[number];
    link.href = href;
    mark(link, current);
    if (count) count.textContent = text;
    item.hidden = hidden;
  });
  switches.forEach((link, number) => (link.href = before.switches[number]));
}

function mark(link, current) {
  if (current) link.setAttribute("aria-current", current);
  else link.removeAttribute("aria-current");
}

// The terms that a choice names, as { facet, term }; what the index does not know is left out.
function resolve(data, choice) {
  return data.facets.flatMap((facet) =>
    facet.terms
      .filter((term) => choice[facet.segments[language]] === term.slugs[language])
      .map((term) => ({ facet, term })),
  );
}

function matching(data, choice) {
  const wanted = resolve(data, choice);
  if (wanted.length < Object.keys(choice).length) return [];
  return data.items.filter((item) => wanted.every(({ facet, term }) => item.terms[facet.name].includes(term.key)));
}

function said(data, count) {
  const { none, one, other } = data.messages;
  if (count === 0) return none;
  return (new Intl.PluralRules(language).select(count) === "one" ? one : other).replace("{n}", count);
}

function show(data, choice) {
  const found = matching(data, choice);
  const labels = resolve(data, choice).map(({ term }) => term.label).join(", ");
  grid.innerHTML = found.map((item) => item.html).join("");
  heading.textContent = `${labels} – ${said(data, found.length)}`;
  document.title = [data.title, labels, before.title.split(" – ").at(-1)].join(" – ");
  for (const part of [pages, kicker]) if (part) part.hidden = true;
  for (const each of links) {
    const current = choice[each.segment] === each.slug;
    const next = toggled(choice, each);
    const count = current ? found.length : matching(data, next).length;
    each.link.href = address(next);
    mark(each.link, current && "true");
    if (each.count) each.count.textContent = count;
    each.item.hidden = count === 0 && !current;
  }
  switches.forEach((link) => {
    const other = link.hreflang.slice(0, 2);
    const translated = resolve(data, choice).map(({ facet, term }) => [facet.segments[other], term.slugs[other]]);
    link.href = address(Object.fromEntries(translated), data.urls[other]);
  });
}

async function update() {
  const choice = chosen();
  if (Object.keys(choice).length < 2) restore();
  else show(await load(), choice);
}

document.querySelector("#filters").addEventListener("click", async (event) => {
  const each = links.find(({ link }) => link === event.target.closest("a"));
  if (!each || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const choice = toggled(chosen(), each);
  if (Object.keys(choice).length < 2) return;
  event.preventDefault();
  try {
    await load();
    history.pushState(null, "", address(choice));
    await update();
  } catch {
    location.assign(each.link.href);
  }
});

addEventListener("popstate", update);
if (location.search) update().catch(() => {});
