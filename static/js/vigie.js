// Keeps the home page and the emergency numbers at hand without a connection. Nothing public depends on it.
if ("serviceWorker" in navigator) {
  addEventListener("load", async () => {
    // A device with notifications keeps the worker that shows them.
    const known = await navigator.serviceWorker.getRegistration();
    navigator.serviceWorker.register(known?.active?.scriptURL ?? "/sw.js").catch(() => {});
  });
}
