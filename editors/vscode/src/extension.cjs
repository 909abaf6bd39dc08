// Starts the language server of the package that is packed with this extension, and speaks with it for VS Code.

const { join } = require("node:path");
const { commands, window, workspace } = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

const DOCUMENTS = ["json", "jsonc", "xml"].flatMap((language) => ["file", "untitled"].map((scheme) => ({ scheme, language })));

let client;

async function start(context) {
  const packs = workspace.getConfiguration("careconnect").get("packs", []);
  const module = join(context.extensionPath, "dist", "careconnect", "cli.js");
  // VS Code's own Node.js runs it: nothing is to be installed.
  const server = { module, args: ["lsp"], transport: TransportKind.stdio };
  client = new LanguageClient("careconnect", "CareConnect", server, {
    documentSelector: DOCUMENTS,
    synchronize: { fileEvents: workspace.createFileSystemWatcher("**/careconnect.config.json") },
    ...(packs.length > 0 && { initializationOptions: { packs } }),
  });
  await client.start();
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

async function activate(context) {
  const again = async () => {
    await stop();
    await start(context);
  };
  context.subscriptions.push(
    commands.registerCommand("careconnect.restart", again),
    commands.registerCommand("careconnect.fixAll", () => commands.executeCommand("editor.action.codeAction", { kind: "source.fixAll.careconnect", apply: "first" })),
    workspace.onDidChangeConfiguration((change) => change.affectsConfiguration("careconnect.packs") && again()),
  );
  try {
    await start(context);
  } catch (error) {
    window.showErrorMessage(`CareConnect's server cannot be started: ${error.message}`);
  }
}

module.exports = { activate, deactivate: stop };
