// The packs that come with the package, and where they are.

// Each address stands in full, since that is how bundlers find the files that they must copy.
export const builtIn = new Map([
  ["stu3", () => new URL("./dist/packs/stu3.pack", import.meta.url)],
  ["careconnect", () => new URL("./dist/packs/careconnect.pack", import.meta.url)],
  ["gpconnect", () => new URL("./dist/packs/gpconnect.pack", import.meta.url)],
  ["itk", () => new URL("./dist/packs/itk.pack", import.meta.url)],
  ["nrl", () => new URL("./dist/packs/nrl.pack", import.meta.url)],
  ["events", () => new URL("./dist/packs/events.pack", import.meta.url)],
  ["childhealth", () => new URL("./dist/packs/childhealth.pack", import.meta.url)],
  ["news2", () => new URL("./dist/packs/news2.pack", import.meta.url)],
  ["ers", () => new URL("./dist/packs/ers.pack", import.meta.url)],
  ["other", () => new URL("./dist/packs/other.pack", import.meta.url)],
]);

export const packs = Object.freeze([...builtIn.keys()]);
