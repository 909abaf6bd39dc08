try {
  await navigator.serviceWorker.register(new URL("./service-worker.js", import.meta.url), { type: "module" });
  await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller) await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
  window.result = await (await fetch("./exercise")).json();
} catch (error) {
  window.result = { error: String(error?.stack ?? error) };
}
