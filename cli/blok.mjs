#!/usr/bin/env node
// Runs the command line (cli/main.ts): in this process if its Node is new enough, else in a newer one. Plain JavaScript
// without dependencies, because this file runs on any Node from 20 on.
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import v8 from 'node:v8';
import { bundleFolder, bundleIn, cacheFolder, makeBundle } from '../embedded/boot/cli-bundle.mjs';
import { findNode, NO_NODE } from '../embedded/boot/find-node.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = bundleFolder(root);
const [, , command, subcommand] = process.argv;
/** These work with files of the checkout, which a bundle does not stand in. */
const ofCheckout = command === 'check-release' || (command === 'nodes' && ['new', 'test'].includes(subcommand));
// Nodes of one's own share the catalogue with the sources, and a bundle has none of them.
const fromSources = Boolean(process.env.BLOK_NODES) || ofCheckout;
let bundle = fromSources ? undefined : bundleIn(folder);
// A bundle is made from installed packages and this lock file: if there is a bundle, everything is installed.
let problem = bundle ? undefined : await installed();
const node = findNode(root);
if (!node) problem ??= NO_NODE;
if (problem) {
  console.error(problem);
  process.exit(1);
}
if (!fromSources) bundle ??= await makeBundle(root, node, folder);
const compiled = join(cacheFolder(root), 'compiled');
/** A short command makes much that it soon forgets: with room for it, it ends before anything must be collected. */
const ROOMY = '--min-semi-space-size=16';
if (bundle && node === process.execPath) {
  v8.setFlagsFromString(ROOMY);
  module.enableCompileCache(compiled);
  await import(pathToFileURL(bundle).href);
} else {
  const { runNode } = await import('../embedded/boot/run-node.mjs');
  const args = [ROOMY, bundle ?? join(root, 'cli', 'main.ts'), ...process.argv.slice(2)];
  runNode(node, args, { ...process.env, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? compiled });
}

/** @returns {Promise<string | undefined>} what went wrong */
async function installed() {
  const { install, isInstalled } = await import('../embedded/boot/install.mjs');
  return isInstalled(root) ? undefined : install(root);
}
