// matchers.js for require().

"use strict";

exports.matchers = async (options) => (await import("./matchers.js")).matchers(options);

exports.assertions = async (options) => (await import("./matchers.js")).assertions(options);
