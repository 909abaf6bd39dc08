// A FHIR service with the middleware: `node service.js express|fastify`. Tells its parent the port, and its memory on request.

import express from "express";
import fastify from "fastify";
import { validateBody as expressBody } from "../../pkg/express.js";
import { validateBody as fastifyBody } from "../../pkg/fastify.js";
import { pool } from "../../pkg/node.js";

const options = { careconnect: await pool({ packs: "all", ...(process.argv[3] && { size: Number(process.argv[3]) }) }), maxBytes: 1_000_000 };

/** What a handler is given: whether there is a verdict, and the text of the body. */
const seen = ({ careconnect, body }) => ({ verdict: Boolean(careconnect), body: typeof body === "string" ? body : (body ?? null) });

const start = {
  express() {
    const app = express();
    app.disable("x-powered-by");
    app.use("/fhir", expressBody(options));
    app.post("/fhir/Patient", (request, response) => response.status(201).json({ length: request.body.length, issues: request.careconnect.outcome.issue.length }));
    app.all(["/fhir/any", "/fhir/any/_search"], (request, response) => response.status(201).json(seen(request)));
    app.get("/fhir/Patient", (request, response) => response.json({ body: request.body ?? null }));
    app.post("/other", express.json(), (request, response) => response.json({ body: request.body }));
    return new Promise((resolve) => {
      const server = app.listen(0, "127.0.0.1", () => resolve(server.address().port));
    });
  },
  async fastify() {
    const app = fastify();
    app.register(
      async (fhir) => {
        fhir.register(fastifyBody, options);
        fhir.post("/Patient", async (request, reply) => reply.code(201).send({ length: request.body.length, issues: request.careconnect.outcome.issue.length }));
        for (const url of ["/any", "/any/_search"]) fhir.all(url, async (request, reply) => reply.code(201).send(seen(request)));
        fhir.get("/Patient", async (request) => ({ body: request.body ?? null }));
      },
      { prefix: "/fhir" },
    );
    app.post("/other", async (request) => ({ body: request.body }));
    await app.listen({ port: 0, host: "127.0.0.1" });
    return app.server.address().port;
  },
};

process.on("message", () => {
  globalThis.gc?.();
  setTimeout(() => process.send({ heap: process.memoryUsage().heapUsed, rss: process.memoryUsage().rss }), 100);
});
process.on("disconnect", () => process.exit());
process.send({ port: await start[process.argv[2]]() });
