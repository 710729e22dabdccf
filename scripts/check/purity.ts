/**
 * Code of graph/ that runs in the workflow sandbox must give the same result on every machine, at any time, forever: no
 * clock, no randomness, no locale, no local time, no API of Node or a browser.
 *
 * All runs of a worker share the modules of the sandbox (`preloadModules` in `worker/bundle.ts`), so none may keep what a run
 * could tell: the plain forms of that are found.
 */
import { stripTypeScriptTypes } from 'node:module';
import { parse } from 'acorn';
import { type Sources, sandboxFiles, type Violation } from './law.ts';

const GLOBALS = new Set(
  ['process', 'Buffer', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].concat([
    'Intl',
    'performance',
    'crypto',
    'globalThis',
    'WeakRef',
    'FinalizationRegistry',
    'eval',
    'Function',
  ]),
);

const MEMBERS = new Set(['Date.now', 'Math.random']);

/** Methods whose results depend on the locale or the time zone of the machine. */
const METHODS =
  /^(toLocale\w*|localeCompare|getTimezoneOffset|(get|set)(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds)|toDateString|toTimeString)$/;

/** Finds impure code in the part of graph/ that the sandbox loads, and modules in it that keep something. */
export function checkPurity(sources: Sources): Violation[] {
  const violations: Violation[] = [];
  for (const file of sandboxFiles(sources).keys()) {
    const code = stripTypeScriptTypes(sources.get(file)!, { mode: 'strip' });
    const tree = parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
    for (const { name, line } of keptIn(tree.body as unknown as Node[]))
      violations.push({ file, message: `line ${line}: ${name} would be shared by all runs of a worker` });
    if (!file.startsWith('graph/')) continue;
    visit(tree, undefined, (node, parent) => {
      const what = impurity(node, parent);
      if (what)
        violations.push({ file, message: `line ${node.loc?.start.line}: ${what} does not belong in the sandbox` });
    });
  }
  return violations;
}

/** Variables of a module that can change, or hold what does. A `WeakMap` keeps only what it knows of things that a run holds. */
function keptIn(body: readonly Node[]): { name: string; line: number | undefined }[] {
  const statements = body.map((one) => (one.type === 'ExportNamedDeclaration' && one.declaration) || one);
  return statements.flatMap(({ kind, declarations = [] }) =>
    declarations
      .filter(({ init }) => kind !== 'const' || isEmptyHolder(init))
      .map(({ id, loc }) => ({ name: id?.name ?? 'a variable', line: loc?.start.line })),
  );
}

const isEmptyHolder = (init: Node | null | undefined): boolean =>
  (init?.type === 'NewExpression' && /^(Map|Set)$/.test(init.callee?.name ?? '') && init.arguments?.length === 0) ||
  (init?.type === 'ArrayExpression' && init.elements?.length === 0);

/** The part of a syntax node that we look at. */
interface Node {
  readonly type: string;
  readonly kind?: string;
  readonly declaration?: Node | null;
  readonly declarations?: readonly Node[];
  readonly id?: Node;
  readonly init?: Node | null;
  readonly elements?: readonly unknown[];
  readonly loc?: { readonly start: { readonly line: number } };
  readonly name?: string;
  readonly object?: Node;
  readonly property?: Node;
  readonly callee?: Node;
  readonly arguments?: readonly Node[];
  readonly computed?: boolean;
  readonly key?: Node;
}

function impurity(node: Node, parent: Node | undefined): string | undefined {
  if (node.type === 'MemberExpression' && !node.computed) {
    const member = `${node.object?.name}.${node.property?.name}`;
    if (MEMBERS.has(member)) return member;
    if (METHODS.test(node.property?.name ?? '')) return `.${node.property?.name}`;
  }
  if (node.type === 'NewExpression' && node.callee?.name === 'Date' && node.arguments?.length === 0)
    return 'new Date()';
  if (node.type === 'Identifier' && GLOBALS.has(node.name!) && !isOnlyAName(node, parent)) return node.name;
  return undefined;
}

/** `x.process`, `{ process: 1 }`: names of properties, not the global variable. */
function isOnlyAName(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === 'MemberExpression') return parent.property === node && !parent.computed;
  return parent?.key === node && !parent.computed;
}

function visit(value: unknown, parent: Node | undefined, see: (node: Node, parent: Node | undefined) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, parent, see);
  else if (typeof value === 'object' && value !== null && typeof (value as Node).type === 'string') {
    see(value as Node, parent);
    for (const child of Object.values(value)) visit(child, value as Node, see);
  }
}
