const { load, packs } = require("careconnect");
const { pool } = require("careconnect/node");
const { validateBody } = require("careconnect/express");

(async () => {
  if (packs[0] !== "stu3") throw new Error(packs.join());
  const { exercise, PATIENT } = await import("./exercise.js");
  const result = await exercise(load);
  const threads = await pool({ size: 1 });
  const { valid } = await threads.validate(PATIENT);
  threads.free();
  if (valid) throw new Error("a thread found nothing");
  const request = { method: "POST", url: "/", headers: { "content-type": "application/fhir+json" }, readableDidRead: true, body: PATIENT };
  const status = await new Promise((resolve, reject) => {
    validateBody()(request, { writeHead: (status) => ({ end: () => resolve(status) }) }, reject);
  });
  if (status !== 422) throw new Error(`the middleware said ${status}`);
  console.log(JSON.stringify(result));
})();
