#!/usr/bin/env node
// Finds a Node that is new enough and runs the CLI (cli/main.ts) with it. Plain JavaScript without dependencies: it
// runs on any Node from 20 on.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode, NO_NODE } from '../embedded/boot/find-node.mjs';
import { install, isInstalled } from '../embedded/boot/install.mjs';
import { runNode } from '../embedded/boot/run-node.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

let problem = isInstalled(root) ? undefined : await install(root);
const node = findNode(root);
if (!node) problem ??= NO_NODE;
if (problem) {
  console.error(problem);
  process.exit(1);
}
runNode(node, [join(root, 'cli', 'main.ts'), ...process.argv.slice(2)]);
