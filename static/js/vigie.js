// Keeps the home page and the emergency numbers at hand without a connection. Nothing public depends on it.
if ("serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));
}
