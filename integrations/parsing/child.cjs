// The single-use child process that runs one parser over bytes of others. It is passed to `node -e`, so it needs no file.
// It reads its parts from standard input: a request, bytes, the parser, and files that the parser needs. It answers once:
// the size of a JSON text, that text, and bytes. A parser is our code, but what it reads may abuse its mistakes, so what
// reaches out of the process is taken away first.
'use strict';

const { readFileSync, writeSync } = require('node:fs');
const vm = require('node:vm');
const load = require;
const exit = process.exit.bind(process);

const all = readFileSync(0);
let at = 4 + 4 * all.readUInt32LE(0);
const parts = Array.from({ length: all.readUInt32LE(0) }, (_, index) => {
  const size = all.readUInt32LE(4 + 4 * index);
  at += size;
  return all.subarray(at - size, at);
});
const [request, bytes, program, ...files] = parts;
const { task, parameters, names } = JSON.parse(request.toString('utf8'));
const assets = new Map(names.map((name, index) => [name, files[index]]));

/** Modules of Node that only compute. */
const MODULES = new Set(
  `assert buffer constants crypto events path punycode querystring stream stream/promises stream/web string_decoder timers
  timers/promises url util util/types zlib`.split(/\s+/),
);

/** Stands in place of what a library loads and never uses here. */
const absent = (name) =>
  new Proxy(
    function refused() {
      throw new Error(`${name} is not available to a parser`);
    },
    { get: (target, key) => (key in target || typeof key === 'symbol' || key === '__esModule' ? target[key] : target) },
  );

const assetOf = (path) => {
  const found = assets.get(String(path).split(/[\\/]/).at(-1));
  if (found === undefined) throw Object.assign(new Error(`there is no file ${path}`), { code: 'ENOENT' });
  return found;
};
/** The file system of a parser: the files that it was given, by their last name. All else can be named, and not used. */
const fs = new Proxy(
  {
    existsSync: (path) => assets.has(String(path).split(/[\\/]/).at(-1)),
    readFileSync: (path, how) => {
      const encoding = typeof how === 'string' ? how : how?.encoding;
      return encoding ? assetOf(path).toString(encoding) : assetOf(path);
    },
  },
  { get: (own, name) => (name in own || typeof name === 'symbol' ? own[name] : absent(`fs.${name}`)) },
);

const requireFor = (wanted) => {
  const name = wanted.replace(/^node:/, '');
  if (name === 'fs') return fs;
  // The bundler's way to `require`.
  if (name === 'module') return { createRequire: () => requireFor };
  return MODULES.has(name) ? load(`node:${name}`) : absent(name);
};

const write = (chunk) => {
  for (let from = 0; from < chunk.length; ) {
    try {
      from += writeSync(1, chunk, from);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
};

const answer = (said, payload = []) => {
  const text = Buffer.from(JSON.stringify(said), 'utf8');
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.length);
  for (const chunk of [size, text, ...payload]) write(chunk);
  exit(0);
};

const fail = (error) => {
  const message = String(error?.message ?? error).slice(0, 2000);
  if (
    /allocation failed|invalid (array|typed array|string) length|too large/i.test(message) &&
    error instanceof RangeError
  )
    answer({ failed: { code: 'document.tooLarge', message: null } });
  if (/^Maximum call stack/.test(message))
    answer({ failed: { code: 'document.broken', message: 'what it holds is nested too deeply' } });
  if (error?.code?.startsWith?.('document.')) answer({ failed: { code: error.code, message } });
  answer({ failed: { code: 'document.broken', message } });
};

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

// Libraries talk to the console, which is where the answer goes.
for (const name of Object.keys(console)) if (typeof console[name] === 'function') console[name] = () => undefined;
for (const name of ['binding', '_linkedBinding', 'dlopen', 'kill', 'getBuiltinModule', 'abort', 'mainModule'])
  Reflect.deleteProperty(process, name);
for (const name of ['fetch', 'WebSocket', 'EventSource', 'require', 'module', 'exports'])
  Reflect.deleteProperty(globalThis, name);

const loaded = { exports: {} };
try {
  vm.compileFunction(program.toString('utf8'), ['exports', 'require', 'module', '__filename', '__dirname'], {
    filename: 'parser.cjs',
  })(loaded.exports, requireFor, loaded, '/parser.cjs', '/');
  Promise.resolve(loaded.exports.tasks[task]({ parameters, bytes, asset: assetOf })).then(
    (result) => answer({ value: result.value ?? null }, result.bytes ?? []),
    fail,
  );
} catch (error) {
  fail(error);
}
