// Counts the bytes of packs as they come, and tells the page: `{ progress: { got, all } }`. It must be imported before
// anything that fetches. The core itself is not counted: compiled code is kept only of a response as it came.

const PAUSE = 100;
const plain = self.fetch;
let [got, all, told] = [0, 0, 0];
/** How long each pack is; the build puts a mark of its content behind its name. */
const SIZES = Object.entries(__PACK_SIZES__);

function tell(isLast) {
  const now = performance.now();
  if (!isLast && now - told < PAUSE) return;
  told = now;
  self.postMessage({ progress: { got, all } });
}

self.fetch = async (...request) => {
  const response = await plain(...request);
  // What was compressed on its way is longer here than it says.
  const file = response.url.slice(response.url.lastIndexOf("/") + 1);
  const size = file.endsWith(".pack") ? SIZES.find(([name]) => file.startsWith(`${name}-`))?.[1] : undefined;
  if (!response.body || !size) return response;
  all += size;
  const count = new TransformStream({
    transform(part, out) {
      got += part.length;
      tell(got === all);
      out.enqueue(part);
    },
  });
  return new Response(response.body.pipeThrough(count), response);
};
