import { load } from "careconnect";
import { pool, validateStream } from "careconnect/node";
import { exercise, PATIENT } from "./exercise.js";

const result = await exercise(load);
const pooled = await exercise(pool, { size: 2 });
if (JSON.stringify(pooled) !== JSON.stringify(result)) throw new Error(`threads differ: ${JSON.stringify(pooled.answers)}`);
const threads = await pool({ size: 2 });
const statuses = [];
for await (const { status } of threads.validateStream([`${PATIENT}\n\n`])) statuses.push(status);
threads.free();
for await (const { status } of validateStream([PATIENT], { size: 1 })) statuses.push(status);
if (statuses.join() !== "invalid,blank,invalid") throw new Error(statuses.join());
console.log(JSON.stringify(result));
