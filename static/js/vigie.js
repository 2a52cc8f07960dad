// Keeps the home page and the emergency numbers at hand without a connection. Nothing public depends on it.
if ("serviceWorker" in navigator) {
  addEventListener("load", async () => {
    const { active, waiting, installing } = (await navigator.serviceWorker.getRegistration()) ?? {};
    // A device with notifications keeps the worker that shows them.
    const notifies = [active, waiting, installing].some((worker) => worker?.scriptURL.endsWith("/sw-push.js"));
    navigator.serviceWorker.register(notifies ? "/sw-push.js" : "/sw.js").catch(() => {});
  });
}
