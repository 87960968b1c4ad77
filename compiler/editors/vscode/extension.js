"use strict";

/* Starts `bylaw lsp` for Markdown files, and again where it is told to use another command. */

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const INSTALL = "python -m pip install 'bylaw[lsp]'";

/** @type {LanguageClient | undefined} */
let client;

/** @returns {string[]} */
function command() {
  const words = vscode.workspace.getConfiguration("bylaw").get("command");
  const usable = Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === "string");
  return usable ? words : ["bylaw", "lsp"];
}

/** @returns {Promise<void>} */
async function start() {
  const [program, ...args] = command();
  const run = { command: program, args };
  client = new LanguageClient(
    "bylaw",
    "bylaw",
    { run, debug: run },
    { documentSelector: [{ scheme: "file", language: "markdown" }] },
  );
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const why = error instanceof Error ? error.message : String(error);
    await vscode.window.showErrorMessage(
      `bylaw: \`${program}\` does not start (${why}). Install it with \`${INSTALL}\`, ` +
        "or name it in the setting `bylaw.command`.",
    );
  }
}

/** @returns {Promise<void>} */
async function stop() {
  const running = client;
  client = undefined;
  if (running) {
    await running.stop();
  }
}

/** @param {vscode.ExtensionContext} context */
async function activate(context) {
  const again = async () => {
    await stop();
    await start();
  };
  context.subscriptions.push(
    vscode.commands.registerCommand("bylaw.restart", again),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("bylaw.command")) {
        void again();
      }
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
