// The examples: synthetic resources made for this project. examples/index.json says of each what it shows and which issues
// it has; tests/js/examples.test.js holds them to it.

import index from "../examples/index.json";

const urls = import.meta.glob(["../examples/*.{json,xml}", "!../examples/index.json"], { query: "?url", import: "default", eager: true });

export const examples = index.map(({ file, title, group, packs = [] }) => ({
  id: file,
  title,
  group,
  packs: ["stu3", "careconnect", ...packs],
  url: urls[`../examples/${file}`],
}));
