// The types of what goes with frameworks, as an installed package gives them. `tsc` must accept it.

import "careconnect/element";
import type { CareconnectResource } from "careconnect/element";
import { validateBody as expressBody, type ValidateBodyLog } from "careconnect/express";
import { validateBody } from "careconnect/fastify";
import { pool } from "careconnect/node";
import { fastify } from "fastify";

const app = fastify();
app.register(validateBody, { careconnect: pool({ size: 2 }), maxBytes: 1000, log: ({ rules }: ValidateBodyLog) => Object.keys(rules) });
app.post("/Patient", async (request) => request.careconnect?.outcome.issue.length ?? 0);
// @ts-expect-error There is no such option.
app.register(validateBody, { limit: 1 });

const middleware = expressBody({ validate: ({ headers }) => ({ profiles: headers["x-profile"] ? ["https://example.org/p"] : [] }) });

const element: CareconnectResource = document.createElement("careconnect-resource");
element.resource = { resourceType: "Patient" };
element.audience = "patient";
element.addEventListener("careconnect-error", ({ detail }) => console.error(detail.error.message));
// @ts-expect-error There is no such audience.
element.audience = "everybody";

export { middleware };
