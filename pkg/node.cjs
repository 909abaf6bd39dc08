// node.js for require().

"use strict";

exports.pool = async (options) => (await import("./node.js")).pool(options);

exports.validateStream = async function* (source, options) {
  yield* (await import("./node.js")).validateStream(source, options);
};
