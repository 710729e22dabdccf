import { describe, expect, it } from 'vitest';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { javascript } from './javascript.ts';
import { behind, escapedChild } from './testing/child.ts';

/** The language itself, as ECMAScript lists it, without \`eval\`. What a later engine adds must be added here on purpose. */
const LANGUAGE = [
  ...['AggregateError', 'Array', 'ArrayBuffer', 'AsyncDisposableStack', 'Atomics', 'BigInt', 'BigInt64Array'],
  ...['BigUint64Array', 'Boolean', 'DataView', 'Date', 'DisposableStack', 'Error', 'EvalError', 'FinalizationRegistry'],
  ...['Float16Array', 'Float32Array', 'Float64Array', 'Function', 'Infinity', 'Int16Array', 'Int32Array', 'Int8Array'],
  ...['Intl', 'Iterator', 'JSON', 'Map', 'Math', 'NaN', 'Number', 'Object', 'Promise', 'Proxy', 'RangeError'],
  ...['ReferenceError', 'Reflect', 'RegExp', 'Set', 'SharedArrayBuffer', 'String', 'SuppressedError', 'Symbol'],
  ...['SyntaxError', 'TypeError', 'URIError', 'Uint16Array', 'Uint32Array', 'Uint8Array', 'Uint8ClampedArray'],
  ...['WeakMap', 'WeakRef', 'WeakSet', 'decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape'],
  ...['globalThis', 'isFinite', 'isNaN', 'parseFloat', 'parseInt', 'undefined', 'unescape'],
];
/** What Blok gives to scripts. */
const OURS = ['TextDecoder', 'TextEncoder', 'atob', 'btoa', 'console', 'parseCsv'];

/**
 * Text that walks through everything within reach of \`roots\` in its realm: by properties, accessors and prototypes. It
 * ends in \`seen\`, a map from objects to how they were reached.
 */
const WALK = `
  const seen = new Map();
  const visit = (value, path) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
    seen.set(value, path);
    visit(Object.getPrototypeOf(value), path + '.__proto__');
    for (const key of Reflect.ownKeys(value)) {
      const { value: held, get, set } = Reflect.getOwnPropertyDescriptor(value, key);
      for (const next of [held, get, set]) visit(next, path + '.' + String(key));
    }
  };`;

describe('the realm of a script', () => {
  const inside = (source: string) => runNode(javascript, fakeContext(), { source });

  it('has the language and what Blok gives, and no other name', async () => {
    const names = (await inside('return Object.getOwnPropertyNames(globalThis)')) as string[];
    expect(names.toSorted()).toEqual([...LANGUAGE, ...OURS].toSorted());
  });

  it('reaches no object of another realm', async () => {
    const foreign = await inside(`${WALK}
      visit(globalThis, 'globalThis'); visit(input, 'input'); visit(blokTables, 'blokTables');
      for (const make of [function* () {}, async () => {}, async function* () {}]) { visit(make, 'made'); }
      visit([].values(), 'values'); visit(''.matchAll(/x/g), 'matches'); visit(new Error('x'), 'error');
      const bare = (value) => { for (let at = value; ; at = Object.getPrototypeOf(at)) if (Object.getPrototypeOf(at) === null) return at; };
      return [...seen].filter(([value]) => bare(value) !== Object.prototype).map(([, path]) => path)`);
    // The language itself makes this one without a prototype.
    expect(foreign).toEqual(['globalThis.Array.prototype.Symbol(Symbol.unscopables)']);
  });
});

describe('the child around the realm', () => {
  it('keeps the language and what Node itself needs, and no other name', () => {
    const { stdout } = behind(
      'process',
      escapedChild(
        `answer([Object.getOwnPropertyNames(globalThis).filter((name) => globalThis[name] !== undefined), typeof process])`,
      ),
    );
    const [names, typeOfProcess] = JSON.parse(stdout) as [string[], string];
    expect(LANGUAGE).toEqual(expect.arrayContaining(names));
    expect(typeOfProcess).toBe('undefined');
  });

  // The process itself is kept from before it was disarmed, as if a way to it were found.
  const withProcess = (text: string) => {
    const { stdout } = behind('process', `const kept = process;\n${escapedChild(text)}`);
    return (JSON.parse(stdout) as string[]).toSorted();
  };

  it('keeps of the process what Node needs, and what cannot be taken away but does nothing', () => {
    const symbols = ['Symbol(Symbol.toStringTag)', 'Symbol(kCapture)', 'Symbol(shapeMode)'];
    const needed = ['_events', '_eventsCount', '_exiting', '_fatalException'];
    expect(withProcess('answer(Reflect.ownKeys(kept).filter((name) => kept[name] !== undefined).map(String))')).toEqual(
      [...symbols, ...needed, 'argv0', 'features', 'permission'].toSorted(),
    );
  });

  it('reaches nothing that signals a process, opens a connection or loads a module', () => {
    const found = withProcess(`${WALK}
      visit(globalThis, 'globalThis'); visit(kept, 'process');
      const acts = /\\.(_?kill|abort|_debug\\w*|binding|chdir|connect|createServer|dlopen|execve|fork|getBuiltinModule|listen|reallyExit|require|set[ug]id|spawn|write\\w*|std\\w+)$/;
      answer([...seen.values()].filter((path) => acts.test(path)))`);
    expect(found).toEqual([]);
  });
});
