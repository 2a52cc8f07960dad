// Comfort for the officer's pages; each of them works without it.
(() => {
  const SECONDS = 15;

  // The dashboard's panel and the page after sending look again. What somebody has opened, focused or selected there stays.
  function refresh(panel) {
    let shown, looking;
    let since = new Date();
    const stale = document.createElement("p");
    stale.className = "help-block help-critical";
    stale.setAttribute("role", "status");
    const told = () => {
      const time = since.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      const text = panel.dataset.stale.replace("{time}", time);
      if (stale.textContent !== text) stale.textContent = text;
      if (!stale.isConnected) panel.before(stale);
    };
    const look = async () => {
      if (document.hidden || looking) return;
      looking = true;
      try {
        const response = await fetch(panel.dataset.liveAlerts, { cache: "no-store", signal: AbortSignal.timeout?.(10e3) });
        // A session that has ended leads to the login.
        if (!response.ok || response.redirected) throw new Error(response.status);
        const text = await response.text();
        since = new Date();
        stale.remove();
        // A screen reader would say again what has not changed.
        if (text !== shown) replace(panel, (shown = text));
      } catch {
        told();
      } finally {
        looking = false;
      }
    };
    setInterval(look, (panel.dataset.seconds ?? SECONDS) * 1e3);
    document.addEventListener("visibilitychange", look);
  }

  // What an element is, whatever the answer that brought it.
  const key = (element) =>
    element.id || element.getAttribute("href") || element.dataset.copy || (element.parentElement.id && `>${element.parentElement.id}`);

  function replace(panel, html) {
    const focused = panel.contains(document.activeElement) && document.activeElement;
    const selection = focused && "selectionStart" in focused && [focused.selectionStart, focused.selectionEnd];
    const opened = new Map([...panel.querySelectorAll("details[id]")].map(({ id, open }) => [id, open]));
    panel.innerHTML = html;
    for (const details of panel.querySelectorAll("details[id]")) {
      // What the server opens is needed now, also where somebody has closed it before.
      details.open ||= opened.get(details.id) ?? false;
    }
    copyButtons(panel);
    if (!focused) return;
    const again = [...panel.querySelectorAll("a, button, summary, textarea")].find((each) => key(each) === key(focused));
    if (!again) panel.tabIndex = -1;
    (again ?? panel).focus({ preventScroll: true });
    if (again && selection) again.setSelectionRange(...selection);
  }

  function copyButtons(root) {
    for (const button of root.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  }

  document.addEventListener("click", async ({ target }) => {
    if (target.matches("[data-select]")) target.select();
    if (!target.matches("[data-copy]")) return;
    const field = document.getElementById(target.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    target.textContent = target.dataset.copied;
  });

  // A scenario's texts follow place, hour and detail as they are typed, until somebody changes a text. The hidden field
  // `followed` tells the server, and this script when the form is shown again, what was filled into which template.
  function fillAsTyped(form) {
    const value = (name) => form.elements[name]?.value.trim() ?? "";
    const { today } = form.dataset;
    const hour = (language) => {
      const onset = /^((\d{4})-(\d\d)-(\d\d))T(\d\d):(\d\d)/.exec(value("onset"));
      if (!onset) return "";
      const [, day, , month, date, hours, minutes] = onset;
      const said = language === "fr" ? `${+hours}\u00a0h\u00a0${minutes}` : `${+hours}.${minutes} uur`;
      return day === today ? said : `${said} (${date}/${month})`;
    };
    const values = (language) => ({
      place: value(`area_${language}`),
      detail: value(`detail_${language}`).replace(/\.$/, ""),
      time: hour(language),
    });
    const filled = (template, said) => template.replace(/\{(\w+)\}/g, (whole, name) => said[name] || whole);
    const plain = (text) => text.replace(/\r\n/g, "\n").trim();
    let followed = {};
    try {
      followed = JSON.parse(value("followed") || "{}");
    } catch {
      // The server would not read it either.
    }
    let texts = [];
    const find = (stem) => {
      for (const language of ["fr", "nl"]) {
        const name = `${stem}_${language}`;
        const field = form.elements[name];
        if (!field) continue;
        const [template, said] = followed[name] ?? ["", {}];
        // Or as it is now, where the browser has kept the fields that one sees and not this one.
        const isOurs = [said, values(language)].some((each) => plain(filled(template, each)) === plain(field.value));
        if (isOurs && template) texts.push({ name, field, language, template, shown: field.value });
        else if (/\{\w+\}/.test(field.value)) texts.push({ name, field, language, template: field.value, shown: field.value });
      }
    };
    const fill = () => {
      for (const text of texts) {
        if (text.field.value !== text.shown) continue;
        const said = values(text.language);
        text.field.value = filled(text.template, said);
        text.shown = text.field.value;
        followed[text.name] = [text.template, said];
      }
      if (form.elements.followed) form.elements.followed.value = JSON.stringify(followed);
    };
    const start = () => {
      texts = [];
      ["title", "what", "instruction"].forEach(find);
      fill();
    };
    form.addEventListener("input", fill);
    // After "Back" the browser gives the fields what was typed only once the page is loaded.
    window.addEventListener("pageshow", start);
    start();
  }

  // How long a text is, told from shortly before the limit on: a number that changes at each key is noise.
  function count(field) {
    const { counted, most } = field.dataset;
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    field.after(said);
    const tell = () => {
      const { length } = [...field.value.trim()];
      const text = length > most - 20 ? counted.replace("{count}", length).replace("{most}", most) : "";
      if (said.textContent !== text) said.textContent = text;
      said.className = length > most ? "error-message" : "help";
    };
    field.form.addEventListener("input", tell);
    window.addEventListener("pageshow", tell);
    tell();
  }

  document.addEventListener("DOMContentLoaded", () => {
    copyButtons(document);
    document.querySelectorAll("[data-live-alerts]").forEach(refresh);
    document.querySelectorAll("[data-alert-form]").forEach(fillAsTyped);
    document.querySelectorAll("[data-counted]").forEach(count);
  });
})();
