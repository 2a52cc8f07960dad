// Searches the index that is made after each release, in the page's own language. The index is loaded when somebody
// begins to type. Without this script, and while there is no index, the page is a map of the site.
const box = document.querySelector("search");
const form = box.querySelector("form");
const field = form.elements.q;
const status = box.querySelector("[role=status]");
const list = box.querySelector("ol");
const more = box.querySelector(":scope > button");
const AT_ONCE = 10;
const PAUSE_MS = 250;

let index;
function load() {
  index ??= import(box.dataset.index).then(async (pagefind) => {
    await pagefind.init();
    return pagefind;
  });
  index.catch(() => (index = undefined));
  return index;
}

let found = [];
let asked = 0;

async function show(results) {
  const pages = await Promise.all(results.map((result) => result.data()));
  for (const { url, meta, excerpt } of pages) {
    const item = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href: url, textContent: meta.title });
    const heading = document.createElement("h3");
    const text = document.createElement("p");
    // The excerpt is escaped by the index; only its <mark> is markup.
    text.innerHTML = excerpt;
    heading.append(link);
    item.append(heading, text);
    list.append(item);
  }
  more.hidden = list.children.length >= found.length;
}

async function search() {
  const words = field.value.trim();
  const turn = ++asked;
  history.replaceState(null, "", words ? `?${new URLSearchParams({ q: words })}` : location.pathname);
  if (!words) {
    found = [];
    list.replaceChildren();
    list.hidden = more.hidden = true;
    status.textContent = "";
    return;
  }
  try {
    const { results } = await (await load()).search(words);
    if (turn !== asked) return;
    found = results;
    list.replaceChildren();
    list.hidden = !found.length;
    more.hidden = true;
    const { none, one, several } = box.dataset;
    status.textContent = [none, one][found.length] ?? several.replace("{count}", found.length);
    await show(found.slice(0, AT_ONCE));
  } catch {
    if (turn === asked) status.textContent = box.dataset.away;
  }
}

let waiting;
field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(search, PAUSE_MS);
});
field.addEventListener("focus", () => load().catch(() => {}), { once: true });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  search();
});
more.addEventListener("click", async () => {
  const first = list.children.length;
  await show(found.slice(first, first + AT_ONCE));
  list.children[first]?.querySelector("a").focus();
});
box.hidden = false;
field.value = new URLSearchParams(location.search).get("q") ?? "";
if (field.value) search();
