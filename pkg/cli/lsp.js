// `careconnect lsp`: the language server, for editors.

import { Connection } from "./lsp/connection.js";
import { Server } from "./lsp/server.js";
import { Failure } from "./output.js";

export async function run(positionals, values) {
  if (positionals.length > 0) throw new Failure("lsp takes no files: it speaks with an editor, over standard input and output.");
  const connection = new Connection(process.stdin, process.stdout);
  const server = new Server(connection, values);
  return server.run();
}
