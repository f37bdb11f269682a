import fs from 'node:fs';
import path from 'node:path';

export const modules = path.join(import.meta.dirname, 'node_modules');
export const workbenchRoot = path.join(modules, 'code-server/lib/vscode');
export const serverMain = path.join(workbenchRoot, 'out/server-main.js');

/** The Node the server runs on: the version that VS Code's own extension host has. */
export const serverNode = nodeFromPackage() ?? process.execPath;

function nodeFromPackage(): string | undefined {
  const binary = path.join(modules, `node-${process.platform}-${process.arch}/bin/node`);
  return fs.existsSync(binary) ? binary : undefined;
}
