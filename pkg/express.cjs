// express.js for require().

"use strict";

exports.validateBody = (options) => {
  const made = import("./express.js").then(({ validateBody }) => validateBody(options));
  made.catch(() => {});
  return function careconnect(request, response, next) {
    made.then((middleware) => middleware(request, response, next), next);
  };
};
