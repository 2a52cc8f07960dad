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
        const response = await fetch(panel.dataset.liveAlerts, { cache: "no-store", signal: AbortSignal.timeout(10e3) });
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
      if (opened.has(details.id)) details.open = opened.get(details.id);
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

  // A scenario's texts follow place, hour and detail as they are typed, until somebody changes a text.
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
    const texts = [];
    for (const stem of ["title", "what", "instruction"]) {
      for (const language of ["fr", "nl"]) {
        const field = form.elements[`${stem}_${language}`];
        if (/\{\w+\}/.test(field?.value ?? "")) texts.push({ field, language, template: field.value, shown: field.value });
      }
    }
    const fill = () => {
      for (const text of texts) {
        if (text.field.value !== text.shown) continue;
        const said = {
          place: value(`area_${text.language}`),
          detail: value(`detail_${text.language}`).replace(/\.$/, ""),
          time: hour(text.language),
        };
        text.shown = text.template.replace(/\{(\w+)\}/g, (whole, name) => said[name] || whole);
        text.field.value = text.shown;
      }
    };
    form.addEventListener("input", fill);
    fill();
  }

  document.addEventListener("DOMContentLoaded", () => {
    copyButtons(document);
    document.querySelectorAll("[data-live-alerts]").forEach(refresh);
    document.querySelectorAll("[data-alert-form]").forEach(fillAsTyped);
  });
})();
