// Reads the table of descriptions, and finds the one of an element.

/** A function from an element of a profile and the type that it is in to its `{ label, words }`; undefined where there is none. */
export function read(table) {
  const entries = new Map(
    table.trim().split("\n").map((line) => {
      const [name, label, words] = line.split("|");
      return [name, { label, words }];
    }),
  );
  return ({ path }, type) => {
    const steps = path.split(".");
    if (steps.length < 2) return undefined;
    const name = steps.at(-1);
    const ofResource = steps.length === 2 && entries.get(`Resource.${name}`);
    return entries.get(path) ?? (type && entries.get(`${type}.${name}`)) ?? (ofResource || entries.get(name));
  };
}
