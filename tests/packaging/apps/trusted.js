// Where Trusted Types are required: the element, and a worker whose address the page itself trusts.

import { PATIENT, exercise } from "./exercise.js";
import "./node_modules/careconnect/element.js";
import { load } from "./node_modules/careconnect/worker.js";

try {
  const policy = trustedTypes.createPolicy("page", { createScriptURL: (url) => url });
  const address = policy.createScriptURL(new URL("./node_modules/careconnect/worker-thread.js", import.meta.url).href);
  const worker = await exercise(load, { worker: new Worker(address, { type: "module" }) });
  const element = document.createElement("careconnect-resource");
  element.resource = PATIENT;
  element.audience = "patient";
  const displayed = new Promise((resolve, reject) => {
    element.addEventListener("careconnect-display", () => resolve(element.shadowRoot.textContent));
    element.addEventListener("careconnect-error", ({ detail }) => reject(detail.error));
  });
  document.querySelector("main").append(element);
  window.result = { worker, displayed: await displayed };
} catch (error) {
  window.result = { error: String(error?.stack ?? error) };
}
