// Follows a publication until the public sees it. Without it, the words are those of the moment the page was loaded.
(() => {
  const FIRST_MS = 400;
  const LONGEST_MS = 5000;
  const GIVE_UP_MS = 10 * 60 * 1000;
  const FOLLOWED = ["waiting", "failed", "unsure"];

  const follow = (element) => {
    element.dataset.vigieFollowed = "";
    const started = Date.now();
    let pause = FIRST_MS;
    const look = async () => {
      try {
        const answer = await fetch(element.dataset.vigieVisible, { headers: { Accept: "application/json" } });
        if (answer.status === 403 || answer.status === 404) return;
        if (answer.ok) {
          const { seen, html } = await answer.json();
          if (seen !== element.dataset.vigieSeen) element.innerHTML = html;
          element.dataset.vigieSeen = seen;
          if (!FOLLOWED.includes(seen)) return;
        }
      } catch {
        // The server is away for a moment: asked again below.
      }
      pause = Math.min(pause * 1.5, LONGEST_MS);
      if (Date.now() - started < GIVE_UP_MS) setTimeout(look, pause);
    };
    setTimeout(look, pause);
  };

  const start = () => {
    const states = FOLLOWED.map((seen) => `[data-vigie-seen=${seen}]`).join(", ");
    document.querySelectorAll(`[data-vigie-visible]:is(${states}):not([data-vigie-followed])`).forEach(follow);
  };
  start();
  document.addEventListener("w-partial-refresh", start);
})();
