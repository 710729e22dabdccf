/** Random sources: mostly grammatical, of all kinds, with a preference for what has killed other engines. */
import { library } from '../../graph/expression/index.ts';
import { KILL_CORPUS } from './kill-corpus.ts';
import type { Random } from './random.ts';

const NAMES = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'canary',
  'length',
  'id',
  'name',
  'tags',
  'a',
  '0',
];
const LEAVES = [
  ...['0', '1', '-1', '2.5', '1e9', '1e308', 'NaN', 'Infinity', 'null', 'undefined', 'true', 'false', '[]', '({})'],
  ...[
    "''",
    "'a'",
    "'abc,def'",
    "'0'",
    '\'{"a":[1]}\'',
    "'2026-01-31T00:00:00Z'",
    "'2d'",
    "'__proto__'",
    "'constructor'",
    "'%'",
    "'w7w='",
  ],
  ...[
    'input',
    'input.n',
    'input.text',
    'input.list',
    'input.rows',
    'input.words',
    'input.map',
    'input.nothing',
    'input.missing',
  ],
  // Read from the input, because the parser refuses constants with which a function can only fail.
  ...['input.zone', 'input.unit', 'input.day', 'input.clock', 'input.pattern', 'input.harder', 'input.path'],
  ...["'Asia/Tokyo'", "'month'", "'YYYY-MM-DD'", "'(a|b)+'", "'i'", "'08:00'"],
  ...['nodes.big', 'nodes.big.rows', 'nodes.none', 'vars.percent', 'now', 'item'],
];
/** Large inputs and large requests: rare, because each costs milliseconds. */
const HEAVY = [
  'input.numbers',
  'input.long',
  'input.wide',
  "'ab'.repeat(500000)",
  'Array.from({ length: 100000 })',
  "'x'.padStart(4e8)",
];
const OPERATORS = ['+', '-', '*', '/', '%', '**', '<', '<=', '>', '>=', '==', '!=', '===', '!==', '&&', '||'];
const NOISE = [
  ...'()[]{}.,;:?!+-*/%&|=<>~^@#$`\'"\\ \n\t0aé😀\u0000',
  '${',
  '}}',
  '=>',
  '...',
  '?.',
  '//',
  '/*',
  '<!--',
  'new ',
  'await ',
];

interface Call {
  readonly name: string;
  readonly method: boolean;
  readonly takes: readonly [number, number];
  readonly callback: number | undefined;
}

const CALLS: readonly Call[] = library.flatMap((section) =>
  Object.entries(section.entries).map(([name, entry]) => ({
    name,
    method: section.on !== undefined,
    takes: entry.takes,
    callback: entry.callback,
  })),
);

/** A source, possibly not valid in the language. */
export function makeSource(random: Random): string {
  if (random.once(40)) return Array.from({ length: random.int(40) }, () => random.pick(NOISE)).join('');
  const source = random.once(300) ? random.pick(KILL_CORPUS) : expression(random, 5, ['item']);
  return random.once(10) ? damage(random, source) : source;
}

/** Cuts, doubles or replaces a piece. */
function damage(random: Random, source: string): string {
  const at = random.int(source.length + 1);
  const end = Math.min(source.length, at + random.int(8));
  const piece = random.pick([random.pick(NOISE), source.slice(at, end).repeat(2), random.pick(LEAVES), '']);
  return source.slice(0, at) + piece + source.slice(end);
}

function expression(random: Random, depth: number, names: readonly string[]): string {
  const more = () => expression(random, depth - 1, names);
  if (depth <= 0 || random.once(6)) return random.once(60) ? random.pick(HEAVY) : random.pick([...LEAVES, ...names]);
  switch (random.int(13)) {
    case 0:
    case 1:
      return `(${more()} ${random.pick(OPERATORS)} ${more()})`;
    case 2:
      return `(${more()} ?? ${more()})`;
    case 3:
      return `(${more()} ? ${more()} : ${more()})`;
    case 4:
      return `${more()}${random.pick(['.', '?.'])}${random.pick(NAMES.slice(0, -1))}`;
    case 5:
      return `${more()}${random.pick(['', '?.'])}[${random.once(2) ? more() : `'${random.pick(NAMES)}'`}]`;
    case 6:
      return `[${random.once(3) ? '...' : ''}${more()}, ${more()}]`;
    case 7:
      return `({ ${random.pick(NAMES.slice(0, -1))}: ${more()}, ${random.once(2) ? `...${more()}` : `[${more()}]: ${more()}`} })`;
    case 8:
      return `\`a\${${more()}}b\``;
    case 9:
      return `(${random.pick(['!', '-', '+', 'typeof '])}${more()})`;
    default:
      return call(random, depth, names);
  }
}

function call(random: Random, depth: number, names: readonly string[]): string {
  const { name, method, takes, callback } = random.pick(CALLS);
  const [least, most] = takes;
  const count = Math.min(least + random.int(3), most);
  const args = Array.from({ length: count }, (_, index) =>
    index === callback ? arrow(random, depth, names) : expression(random, depth - 1, names),
  );
  const self = method ? `${expression(random, depth - 1, names)}${random.once(4) ? '?.' : '.'}` : '';
  return `${self}${name}(${args.join(', ')})`;
}

function arrow(random: Random, depth: number, names: readonly string[]): string {
  const name = `p${depth}`;
  const inner = [...names, name];
  const parameters = random.pick([name, `(${name}, i${depth})`, `([${name}])`, `({ a: ${name} })`]);
  return `${parameters} => ${expression(random, depth - 1, parameters.includes(`i${depth}`) ? [...inner, `i${depth}`] : inner)}`;
}
