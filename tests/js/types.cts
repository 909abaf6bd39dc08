// The types as a CommonJS module sees them.

import careconnect = require("careconnect");
import { pool } from "careconnect/node";
import { validateBody } from "careconnect/express";

async function main(): Promise<boolean> {
  const handle: careconnect.Careconnect = await careconnect.load({ packs: careconnect.packs });
  validateBody({ careconnect: pool({ size: 1 }) });
  // @ts-expect-error There is no such option.
  await careconnect.load({ pack: [] });
  return handle.validate("").valid;
}

export = main;
