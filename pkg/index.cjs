// For require(): the same module as import gives, loaded by import() so that Node.js 20 can. careconnect.d.cts has the types.

"use strict";

exports.load = async (options) => (await import("./index.js")).load(options);

exports.makeRelease = async (kind, files) => (await import("./index.js")).makeRelease(kind, files);

exports.terminologyServer = (options) => {
  // Asked for at once, and read when it is first used.
  const provider = import("./terminology-server.js").then(({ terminologyServer }) => terminologyServer(options));
  provider.catch(() => {});
  return { validateCodes: async (questions) => (await provider).validateCodes(questions) };
};

// As in packs.js, which a require() cannot read; a test holds the two together.
exports.packs = Object.freeze(["stu3", "careconnect", "gpconnect", "itk", "nrl", "events", "childhealth", "news2", "ers", "other", "r4", "ukcore", "nhsengland-r4"]);
