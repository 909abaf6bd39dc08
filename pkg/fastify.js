// A plugin for Fastify (4 and 5). fastify.d.ts documents it.

import { Gate } from "./node/http.js";
import { types } from "./node/media.js";

export async function validateBody(fastify, options) {
  const gate = new Gate(options);
  const read = (request, payload) => gate.read(request.raw, payload);
  for (const type of [...types, "*"]) fastify.addContentTypeParser(type, read);
  fastify.decorateRequest("careconnect", null);
  fastify.addHook("preValidation", async (request, reply) => {
    if (!Gate.concerns(request.raw)) return;
    const { status, outcome } = await gate.judge(request.raw, request.body);
    if (status === undefined) {
      request.body = request.body.toString("utf8");
      request.careconnect = { outcome };
      return;
    }
    const { headers, text } = gate.answer(request.raw, outcome);
    return reply.code(status).headers(headers).send(text);
  });
}

// It applies to the scope in which it is registered, and not to one of its own.
validateBody[Symbol.for("skip-override")] = true;
