#!/usr/bin/env node
// The command line. What there is to call is in cli/commands.js; each command has a file of its own beside it.

import { main } from "./cli/main.js";

await main(process.argv.slice(2));
