// The examples: synthetic resources made for this project. examples/index.json says of each what it shows, and
// tests/js/examples.snapshot.json which issues it has.

import index from "../examples/index.json";

const urls = import.meta.glob(["../examples/*.{json,xml}", "!../examples/index.json"], { query: "?url", import: "default", eager: true });

export const examples = index.map(({ file, title, group, packs = [] }) => ({
  id: file,
  title,
  group,
  packs: ["stu3", "careconnect", ...packs],
  url: urls[`../examples/${file}`],
}));
