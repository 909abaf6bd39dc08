// Middleware for Express (4 and 5), and for anything that calls (request, response, next). express.d.ts documents it.

import { Gate } from "./node/http.js";

export function validateBody(options) {
  const gate = new Gate(options);
  return async function careconnect(request, response, next) {
    try {
      if (!Gate.concerns(request)) return next();
      // A connection that breaks while it is answered is nobody's failure.
      response.on?.("error", () => {});
      const taken = request.readableDidRead || request.readableEnded;
      const body = taken ? request.body : await gate.read(request);
      if (taken && body === undefined) {
        throw new Error("The body was read by something that left nothing in request.body: put validateBody before it.");
      }
      const { status, outcome } = await gate.judge(request, body);
      if (status === undefined) {
        if (!taken) request.body = body.toString("utf8");
        request.careconnect = { outcome };
        return next();
      }
      const { headers, text } = gate.answer(request, outcome);
      response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(text) }).end(text);
    } catch (error) {
      // Nobody is there any more to be answered.
      if (request.destroyed && !request.readableEnded) return;
      next(error);
    }
  };
}
