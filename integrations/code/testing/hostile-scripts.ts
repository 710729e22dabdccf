/** Scripts that try to get out or do harm. Shared by the unit test (each once) and the endurance test (many times). */
export interface Abuse {
  readonly name: string;
  readonly source: string;
  /** Codes the script may end with. If absent, it may also succeed, as long as its result shows no way out. */
  readonly codes?: readonly string[];
}

/** Each script returns what it found. A way out shows as one of the `TRACES`. */
export const ESCAPES: readonly Abuse[] = [
  {
    name: 'globals of Node',
    source:
      'return [typeof process, typeof require, typeof module, typeof Buffer, typeof global, typeof setTimeout, typeof fetch, typeof WebSocket, typeof WebAssembly]',
  },
  {
    name: 'Function constructor',
    source: 'return (() => {}).constructor("return process")().env',
    codes: ['code.error'],
  },
  {
    name: 'async Function constructor',
    source: 'return await (async () => {}).constructor("return process.env")()',
    codes: ['code.error'],
  },
  {
    name: 'generator constructor',
    source: 'return (function* () {}).constructor("yield process")().next().value.env',
    codes: ['code.error'],
  },
  {
    name: 'constructor chain of input',
    source: 'return input.constructor.constructor("return process.env")()',
    codes: ['code.error'],
  },
  {
    name: 'constructor chain of the global object',
    source: 'return globalThis.constructor.constructor("return this.process.env")()',
    codes: ['code.error'],
  },
  {
    name: 'constructor chain of the helper',
    source: 'return parseCsv.constructor("return process.env")()',
    codes: ['code.error'],
  },
  {
    name: 'constructor chain of the decoder',
    source: 'return new TextDecoder("koi8-r").decode.constructor("return process.env")()',
    codes: ['code.error'],
  },
  {
    name: 'constructor chain of the tables of encodings',
    source: 'return blokTables.pairs.constructor.constructor("return process.env")() // TextDecoder',
    codes: ['code.error'],
  },
  {
    name: 'constructor chain of atob',
    source: 'return atob.constructor("return process.env")()',
    codes: ['code.error'],
  },
  {
    name: 'constructor chain of console',
    source: 'return console.log.constructor("return process.env")()',
    codes: ['code.error'],
  },
  { name: 'eval', source: 'return eval("process.env")', codes: ['code.error'] },
  { name: 'indirect eval', source: 'return (0, eval)("1 + 1")', codes: ['code.error'] },
  {
    name: 'import()',
    source: 'return (await import("node:fs")).readFileSync("/etc/passwd", "utf8")',
    codes: ['code.syntax'],
  },
  {
    name: 'import() in a comment trick',
    source: 'return /**/import/**/("node:net").catch(e => e.constructor.constructor("return process")().env)',
    codes: ['code.syntax'],
  },
  { name: 'import.meta', source: 'return import.meta.url', codes: ['code.syntax'] },
  { name: 'static import', source: 'import fs from "node:fs"; return fs', codes: ['code.syntax'] },
  {
    name: 'closing the wrapper',
    source: 'return 1 }, "null"); globalThis.leak = 1; blokRun(async () => {',
    codes: ['code.syntax'],
  },
  {
    name: 'closing the wrapper within a call',
    source: '}, (() => { throw 1 })(), async () => {',
    codes: ['code.syntax'],
  },
  { name: 'HTML comment', source: 'return 1 <!-- }\n', codes: undefined },
  { name: 'require', source: 'return require("child_process").execSync("id").toString()', codes: ['code.error'] },
  { name: 'binding', source: 'return process.binding("fs")', codes: ['code.error'] },
  {
    name: 'caller of the script',
    source: 'return String((function f() { return f.caller })())',
    codes: ['code.error'],
  },
  {
    name: 'arguments.callee.caller',
    source: 'return String((function () { return arguments.callee.caller })())',
    codes: ['code.error'],
  },
  { name: 'sloppy this', source: 'return typeof (function () { return this })()' },
  {
    name: 'stack frames by prepareStackTrace',
    source: `
      const seen = [];
      Error.prepareStackTrace = (error, frames) => {
        for (const frame of frames) seen.push(typeof frame.getThis(), typeof frame.getFunction(), String(frame.getEvalOrigin?.()));
        try { seen.push(frames.constructor.constructor('return process')().env) } catch (e) { seen.push('refused') }
        try { seen.push(frames[0].constructor.constructor('return process')().env) } catch (e) { seen.push('refused') }
        return '';
      };
      try { null.x } catch (e) { e.stack }
      return seen`,
    codes: undefined,
  },
  {
    name: 'frames of a host error',
    source: `
      const found = [];
      Error.prepareStackTrace = (error, frames) => frames;
      const dig = (value, depth = 0) => {
        if (depth > 3 || value === null || (typeof value !== 'object' && typeof value !== 'function')) return;
        try { found.push(value.constructor.constructor('return typeof process')()) } catch {}
        for (const key of Reflect.ownKeys(value)) { try { dig(value[key], depth + 1) } catch {} }
      };
      dig(new Error('x').stack);
      const overflow = () => overflow();
      try { overflow() } catch (e) { dig(e) }
      return found.filter((type) => type === 'object').map(() => 'ESCAPED')`,
  },
  {
    name: 'overwritten Promise.then',
    source:
      'const got = []; Promise.prototype.then = function (...f) { for (const x of f) { try { got.push(x.constructor("return process")().pid) } catch {} } }; await 1; return got',
  },
  {
    name: 'thenable as result',
    source:
      'return { then(resolve) { try { resolve(resolve.constructor("return process.env")()) } catch { resolve("refused") } } }',
  },
  {
    name: 'getter as result',
    source:
      'return { get a() { try { return (() => {}).constructor("return process.env")() } catch { return "refused" } } }',
  },
  {
    name: 'proxy as result',
    source: 'return new Proxy({}, { get: (t, k) => { throw new Error("trap " + String(k)) }, ownKeys: () => ["a"] })',
    codes: ['code.output', 'code.error'],
  },
  { name: 'toJSON as result', source: 'return { toJSON() { return typeof process } }' },
  {
    name: 'overwritten JSON',
    source: 'JSON.stringify = () => "{\\"ok\\":true}"; JSON.parse = () => 1; return "plain"',
  },
  { name: 'forged outcome', source: 'blokOutcome = "not json"; await 1; return "real"' },
  {
    name: 'outcome as an object',
    source: 'blokOutcome = { toString() { return "x" } }; await new Promise(() => {})',
    codes: ['code.output'],
  },
  {
    name: 'overwritten Array methods',
    source: 'Array.prototype.map = Array.prototype.join = () => { throw 1 }; console.log("a"); return 1',
    codes: ['code.error'],
  },
  {
    name: 'prototype pollution',
    source:
      'Object.prototype.polluted = "ESCAPED"; Array.prototype.polluted = 1; Object.prototype.toJSON = () => "x"; return { a: 1 }',
  },
  {
    name: '__proto__ in the result',
    source:
      'return JSON.parse(\'{"__proto__": {"polluted": "yes"}, "constructor": {"prototype": {"polluted": "yes"}}}\')',
  },
  {
    name: 'symbols of the host',
    source: 'return Reflect.ownKeys(globalThis).filter((k) => typeof k === "symbol").map(String)',
  },
  { name: 'console of the inspector', source: 'return Object.keys(console)' },
  { name: 'await using and disposal', source: 'return typeof Symbol.asyncDispose' },
  {
    name: 'Atomics',
    source: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e6)',
    codes: ['code.timeout', 'code.error'],
  },
  { name: 'debugger', source: 'debugger; return 1' },
  {
    name: 'realm of a foreign Array',
    source:
      'return [].concat.constructor === Function && Object.getPrototypeOf(async function () {}).constructor("return typeof process").toString()',
    codes: ['code.error'],
  },
];

/** Scripts that use up time, memory or space. */
export const BOMBS: readonly Abuse[] = [
  { name: 'endless loop', source: 'for (;;) {}', codes: ['code.timeout'] },
  { name: 'endless microtasks', source: 'for (;;) await 1', codes: ['code.timeout'] },
  {
    name: 'endless promise chain',
    source: 'const f = () => Promise.resolve().then(f); await f()',
    codes: ['code.timeout', 'code.memory'],
  },
  { name: 'regex bomb', source: 'return /^(a+)+$/.test("a".repeat(40) + "!")', codes: ['code.timeout'] },
  { name: 'endless getter', source: 'return { get a() { for (;;) {} } }', codes: ['code.timeout'] },
  {
    name: 'endless toString of an error',
    source: 'throw { toString() { for (;;) {} }, toJSON() { for (;;) {} } }',
    codes: ['code.timeout'],
  },
  {
    name: 'endless message of an error',
    source: 'const e = new Error(); Object.defineProperty(e, "message", { get() { for (;;) {} } }); throw e',
    codes: ['code.timeout'],
  },
  {
    name: 'swallowed timeout',
    source: 'for (;;) { try { for (;;) {} } catch {} finally { for (;;) {} } }',
    codes: ['code.timeout'],
  },
  { name: 'a promise that never settles', source: 'await new Promise(() => {})', codes: ['code.pending'] },
  {
    name: 'heap bomb of arrays',
    source: 'const a = []; for (;;) a.push(new Array(1e5).fill(1))',
    codes: ['code.memory', 'code.timeout'],
  },
  {
    name: 'heap bomb of strings',
    source: 'return "x".repeat(5e8).split("")',
    codes: ['code.memory', 'code.timeout', 'code.error'],
  },
  {
    name: 'heap bomb of a Map',
    source: 'const m = new Map(); for (let i = 0; ; i++) m.set(i, {})',
    codes: ['code.memory', 'code.timeout', 'code.error'],
  },
  {
    name: 'heap bomb of one array',
    source: 'return new Array(1e9).fill(0).length',
    codes: ['code.memory', 'code.timeout', 'code.error'],
  },
  {
    name: 'buffer bomb',
    source: 'const a = []; for (;;) a.push(new Uint8Array(1e7).fill(1))',
    codes: ['code.memory', 'code.timeout'],
  },
  { name: 'doubling string', source: 'let s = "x"; for (;;) s += s', codes: ['code.error', 'code.memory'] },
  { name: 'deep recursion', source: 'const f = (n) => f(n + 1) + 1; return f(0)', codes: ['code.error'] },
  { name: 'huge output', source: 'return "x".repeat(2e6)', codes: ['code.output'] },
  { name: 'output of 100 MB', source: 'return "x".repeat(1e8)', codes: ['code.output', 'code.memory'] },
  {
    name: 'deep output',
    source: 'let a = []; for (let i = 0; i < 1000; i++) a = [a]; return a',
    codes: ['code.output'],
  },
  {
    name: 'endlessly deep output',
    source: 'let a = []; for (let i = 0; i < 1e6; i++) a = [a]; return a',
    codes: ['code.output', 'code.memory', 'code.timeout'],
  },
  { name: 'circular output', source: 'const a = {}; a.a = a; return a', codes: ['code.output'] },
  { name: 'BigInt output', source: 'return 10n', codes: ['code.output'] },
  { name: 'function output', source: 'return () => 1', codes: ['code.output'] },
  { name: 'endless log', source: 'for (;;) console.log("x".repeat(1e6))', codes: ['code.timeout', 'code.memory'] },
  { name: 'process.exit', source: 'process.exit(0)', codes: ['code.error'] },
  {
    name: 'nothing but braces',
    source: `return ${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    codes: ['code.syntax', 'code.output', 'code.error'],
  },
  {
    name: 'nested functions',
    source: `${'(()=>{'.repeat(3000)}${'})()'.repeat(3000)}`,
    codes: ['code.syntax', 'code.error'],
  },
  { name: 'throwing nothing', source: 'throw undefined', codes: ['code.error'] },
  { name: 'throwing a symbol', source: 'throw Symbol("x")', codes: ['code.error'] },
  {
    name: 'throwing a proxy',
    source: 'throw new Proxy(new Error("x"), { get() { throw 1 }, getPrototypeOf() { throw 2 } })',
    codes: ['code.error'],
  },
];

/** Signs in the result of a script that it got out. */
export const TRACES = /ESCAPED|root:x:0|"PATH"|canary-of-the-worker|execPath|node_modules|uid=/;

/** The time limit for a script: short if it may time out, long if it must not time out even on a busy machine. */
export const limitOf = ({ codes }: Abuse): string => (codes?.includes('code.timeout') ? '300ms' : '10s');
