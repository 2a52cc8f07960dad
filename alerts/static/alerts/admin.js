// Comfort for the officer's pages; each of them works without it.
(() => {
  const SECONDS = 15;

  // The dashboard's panel and the page after sending look again, unless somebody is in what would change.
  function refresh(panel) {
    let shown;
    const look = async () => {
      const isUsed = panel.contains(document.activeElement) || panel.querySelector("details[open]");
      if (document.hidden || isUsed) return;
      try {
        const response = await fetch(panel.dataset.liveAlerts, { cache: "no-store" });
        if (!response.ok || response.redirected) return;
        const text = await response.text();
        // A screen reader would say again what has not changed.
        if (text === shown) return;
        panel.innerHTML = shown = text;
        copyButtons(panel);
      } catch {
        // No connection: what is shown stays until there is one.
      }
    };
    setInterval(look, (panel.dataset.seconds ?? SECONDS) * 1e3);
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
