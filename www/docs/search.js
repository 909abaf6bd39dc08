// Searches the documentation as somebody types, and keeps all of it for use without a network.

const { up, index: address } = document.querySelector("script[data-index]").dataset;
const field = document.getElementById("search");
const found = document.getElementById("found");

/** How many places are listed. */
const MOST = 20;

let index;
const load = () => (index ??= fetch(address).then((response) => response.json()));

/** The entries that have all the words: those with a word in the title first, and of these those that begin with it. */
function search(entries, words) {
  const score = ([, title, text]) => {
    let sum = 0;
    for (const word of words) {
      const at = title.toLowerCase().indexOf(word);
      if (at === 0) sum += 4;
      else if (at > 0) sum += 2;
      else if (text.toLowerCase().includes(word)) sum += 1;
      else return 0;
    }
    return sum;
  };
  return entries.map((entry) => [score(entry), entry]).filter(([sum]) => sum > 0).sort(([a], [b]) => b - a).map(([, entry]) => entry);
}

function shown(entries) {
  const list = document.createElement("ul");
  for (const [url, title] of entries.slice(0, MOST)) {
    const link = document.createElement("a");
    link.href = up + url;
    link.textContent = title;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  return list;
}

field.addEventListener("focus", load, { once: true });
field.addEventListener("input", async () => {
  const text = field.value.trim().toLowerCase();
  if (text === "") return found.replaceChildren();
  const { entries } = await load();
  // What was typed meanwhile has its own answer.
  if (field.value.trim().toLowerCase() !== text) return;
  const hits = search(entries, text.split(" ").filter(Boolean));
  const words = document.createElement("p");
  words.textContent = hits.length === 0 ? `Nothing has '${text}'.` : hits.length > MOST ? `${hits.length} places, the first ${MOST}:` : `${hits.length} ${hits.length === 1 ? "place" : "places"}:`;
  found.replaceChildren(words, shown(hits));
});

/** Whoever reads one page is given all of them, once nothing else is to be done. */
async function keep() {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  const policy = window.trustedTypes?.createPolicy("careconnect-docs", { createScriptURL: (url) => url });
  const worker = new URL(`${up}../sw.js`, location.href).href;
  await navigator.serviceWorker.register(policy ? policy.createScriptURL(worker) : worker);
  const { active } = await navigator.serviceWorker.ready;
  const { pages, images } = await load();
  // This file, the style and the icon were read before there was anything that keeps them.
  const parts = [...document.querySelectorAll("head [href], head [src]")].map(({ href, src }) => href ?? src);
  active.postMessage({ keep: [...parts, ...[address, ...[...pages, ...images].map((url) => up + url)].map((url) => new URL(url, location.href).href)] });
}
const idle = window.requestIdleCallback ?? ((then) => setTimeout(then, 1000));
window.addEventListener("load", () => idle(() => keep().catch(() => {})));
