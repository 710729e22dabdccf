// The single-use child process of `code.javascript`. It is passed to `node -e`, so it needs no file. It reads one
// request from standard input, runs the script in its own realm and writes one answer. Everything here assumes that the
// script may break out of that realm, so nothing useful is left on this side either.
'use strict';

const { readFileSync, writeSync } = require('node:fs');
const vm = require('node:vm');

const bufferOf = Buffer.from;
const later = setImmediate;

const answer = (value) => {
  const bytes = bufferOf(JSON.stringify(value), 'utf8');
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
};

/**
 * All that stays on the global objects of both realms: the language itself. Node adds modules, sockets and much more to
 * the one, the engine adds WebAssembly and a console to the other.
 */
const GLOBALS = new Set(
  `AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Boolean DataView
  Date DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity
  Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError
  Reflect RegExp Set SharedArrayBuffer String SuppressedError Symbol SyntaxError TypeError URIError Uint16Array
  Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI decodeURIComponent encodeURI
  encodeURIComponent escape globalThis isFinite isNaN parseFloat parseInt undefined unescape`.split(/\s+/),
);
/** All that stays on the process: what Node itself needs for a rejection, an exception and the end. */
const OF_PROCESS = new Set(['_events', '_eventsCount', '_exiting', '_fatalException', '_maxListeners', 'exitCode']);

const keepOnly = (object, kept) => {
  for (const name of Object.getOwnPropertyNames(object))
    if (!kept.has(name) && !Reflect.deleteProperty(object, name)) Reflect.set(object, name, undefined);
};

/**
 * Leaves nothing that reaches out of the process: no module, no socket, no signal to another process, no stream. A list
 * of what stays, because a list of what goes misses what the next Node adds. Functions that are declared are gone, too.
 */
const disarm = () => {
  keepOnly(process, OF_PROCESS);
  keepOnly(globalThis, GLOBALS);
};

const makeRealm = () => {
  // No object of this realm goes in: a realm without host objects has no chain that leads out. Microtasks run to their
  // end within `runInContext`, under its timeout. There are no timers, so a promise still pending then never settles.
  const realm = vm.createContext(vm.constants.DONT_CONTEXTIFY, {
    codeGeneration: { strings: false, wasm: false },
    microtaskMode: 'afterEvaluate',
  });
  const kept = JSON.stringify([...GLOBALS]);
  vm.runInContext(
    `for (const name of Object.getOwnPropertyNames(globalThis)) if (!${kept}.includes(name)) delete globalThis[name];`,
    realm,
  );
  return realm;
};

// The child may be started before there is a script, so what can be done without one comes before the request.
const realm = makeRealm();
const { guest, program, timeoutMs } = JSON.parse(readFileSync(0, 'utf8'));
const tables = JSON.stringify(encodingTables(program));

const run = () => {
  // Only text goes in: the object literal in it creates objects of that realm.
  vm.runInContext(`const blokTables = ${tables};`, realm);
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
};

let forgotten = false;
// After the script, Node reports a rejection that nobody handled, and ends the process unless there is a listener.
process.on('unhandledRejection', () => {
  forgotten = true;
});
disarm();
const said = run();
later(() => answer({ ...said, forgotten }));
