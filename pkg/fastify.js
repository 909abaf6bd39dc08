// A plugin for Fastify (4 and 5). fastify.d.ts documents it.

import { Gate } from "./node/http.js";
import { types } from "./node/media.js";

export async function validateBody(fastify, options) {
  const gate = new Gate(options);
  const read = async (request, payload) => {
    if (Gate.concerns(request.raw)) return gate.read(request.raw, payload);
    const body = await gate.readOther(request.raw, payload);
    return Gate.refused(body) ? body : body.toString("utf8");
  };
  for (const type of [...types, "*"]) fastify.addContentTypeParser(type, read);
  fastify.decorateRequest("careconnect", null);
  fastify.addHook("preValidation", async (request, reply) => {
    const { body } = request;
    if (!Gate.concerns(request.raw) && !Gate.refused(body)) return;
    const { status, outcome } = await gate.judge(request.raw, body);
    if (status === undefined) {
      // What another plugin's parser made of it is what was checked, and stays.
      if (body instanceof Uint8Array) request.body = Buffer.from(body).toString("utf8");
      request.careconnect = { outcome };
      return;
    }
    const { headers, text } = gate.answer(request.raw, outcome);
    return reply.code(status).headers(headers).send(text);
  });
}

// It applies to the scope in which it is registered, and not to one of its own.
validateBody[Symbol.for("skip-override")] = true;
