// fastify.js for require().

"use strict";

exports.validateBody = async (fastify, options) => (await import("./fastify.js")).validateBody(fastify, options);
exports.validateBody[Symbol.for("skip-override")] = true;
