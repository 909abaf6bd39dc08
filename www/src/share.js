// What is open, in the address's fragment: compressed, and never in the query, which would go to a server.

const VERSION = "1";

/** What a fragment may unpack to, so that a short one cannot fill the memory. */
const LARGEST = 64 << 20;

async function through(bytes, stream) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LARGEST) {
      reader.cancel().catch(() => {});
      throw new Error("It unpacks to more than is read here.");
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Plain data, packed into a short text. */
export async function packed(data) {
  const bytes = new TextEncoder().encode(JSON.stringify(data));
  return base64(await through(bytes, new CompressionStream("deflate-raw")));
}

/** The data of a text that {@link packed} made. */
export async function unpacked(text) {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw"))));
}

/** Plain data as a fragment. */
export const toFragment = async (data) => `#${VERSION}.${await packed(data)}`;

/** The data of a fragment that {@link toFragment} made; `undefined` for any other. */
export async function fromFragment(fragment) {
  const [version, text] = fragment.replace(/^#/, "").split(".");
  if (version !== VERSION || !text) return undefined;
  try {
    const data = await unpacked(text);
    return typeof data === "object" && data !== null ? data : undefined;
  } catch {
    return undefined;
  }
}
