// Runs a TypeScript file of Blok: `node embedded/boot/with-node.mjs FILE [ARGUMENTS]`. First installs the dependencies if
// they are missing or outdated, and finds a Node that is new enough. Plain JavaScript without dependencies, because
// this file runs on any Node from 20 on, in a fresh clone.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode, NO_NODE } from './find-node.mjs';
import { install, isInstalled } from './install.mjs';
import { runNode } from './run-node.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

if (Number(process.versions.node.split('.')[0]) < 20) fail(`Blok needs Node 20 or newer; this is ${process.version}.`);
if (!isInstalled(root)) {
  const problem = await install(root);
  if (problem) fail(problem);
}
const node = findNode(root);
if (!node) fail(NO_NODE);
const [file, ...args] = process.argv.slice(2);
runNode(node, [resolve(root, file), ...args]);

function fail(message) {
  console.error(message);
  process.exit(1);
}
