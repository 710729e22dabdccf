// The single-use child process of `code.javascript`. It is passed to `node -e`, so it needs no file. It reads one
// request from standard input, runs the script in its own realm and writes one answer. Everything here assumes that the
// script may break out of that realm, so nothing useful is left on this side either.
'use strict';

const { readFileSync, writeSync } = require('node:fs');
const vm = require('node:vm');

const { guest, program, timeoutMs } = JSON.parse(readFileSync(0, 'utf8'));

function answer(value) {
  const bytes = Buffer.from(JSON.stringify(value), 'utf8');
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

function disarm() {
  for (const name of ['fetch', 'WebSocket', 'EventSource', 'require', 'module', 'exports', 'Worker', 'navigator']) {
    delete globalThis[name];
  }
  for (const name of [
    'binding',
    '_linkedBinding',
    'getBuiltinModule',
    'dlopen',
    'kill',
    '_kill',
    'mainModule',
    'env',
  ]) {
    try {
      Object.defineProperty(process, name, { value: undefined, configurable: false, writable: false });
    } catch {
      process[name] = undefined;
    }
  }
}

function run() {
  // No object of this realm goes in: a realm without host objects has no chain that leads out. Microtasks run to their
  // end within `runInContext`, under its timeout. There are no timers, so a promise still pending then never settles.
  const realm = vm.createContext(vm.constants.DONT_CONTEXTIFY, {
    codeGeneration: { strings: false, wasm: false },
    microtaskMode: 'afterEvaluate',
  });
  // Only text goes in: the object literal in it creates objects of that realm.
  vm.runInContext(`const blokTables = ${JSON.stringify(encodingTables(program))};`, realm);
  vm.runInContext(guest, realm, { filename: 'guest.js' });
  try {
    vm.runInContext(program, realm, { filename: 'script.js', lineOffset: -1, timeout: timeoutMs });
  } catch (error) {
    const timedOut = error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    return { ok: false, kind: timedOut ? 'timeout' : 'error', message: 'the script could not be started', line: null };
  }
  const outcome = vm.runInContext('blokOutcome', realm);
  if (typeof outcome !== 'string')
    return { ok: false, kind: 'output', message: 'the answer was tampered with', line: null };
  return outcome === '' ? { ok: false, kind: 'pending' } : { outcome };
}

let forgotten = false;
// After the script, Node reports a rejection that nobody handled, and ends the process unless there is a listener.
process.on('unhandledRejection', () => {
  forgotten = true;
});
disarm();
const said = run();
setImmediate(() => answer({ ...said, forgotten }));
