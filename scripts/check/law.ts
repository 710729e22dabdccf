/** The import law: which folder may import from which. ARCHITECTURE.md explains it; this table decides. */
import { posix } from 'node:path';
import { importsOf } from './imports.ts';

/** Something to fix. */
export interface Violation {
  readonly file: string;
  readonly message: string;
}

/** Source texts by path from the project's root, with `/` on every platform. */
export type Sources = ReadonlyMap<string, string>;

/** What one folder may import. A path that ends in `/` allows a folder, any other path one file. */
interface Rule {
  readonly project: readonly string[];
  /** May be imported as types only: types vanish before anything runs. */
  readonly types?: readonly string[];
  /** Packages; absent: any. Built-in modules of Node count as the package `node:`. */
  readonly packages?: readonly string[];
}

const LANGUAGE_PACKAGES = ['acorn', 'yaml', 'zod', '@noble/hashes', 're2js'];

/** What the interpreter and its callers agree on. */
const CONTRACT = ['workflows/contract.ts', 'workflows/activities.ts'];

const LAW: Readonly<Record<string, Rule>> = {
  graph: { project: [], packages: LANGUAGE_PACKAGES },
  workflows: {
    project: ['graph/sandbox.ts'],
    types: ['graph/'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  integrations: { project: ['graph/'] },
  db: { project: ['graph/'], types: CONTRACT },
  settings: { project: [], packages: ['zod'] },
  guard: { project: [], packages: ['node:'] },
  // The room that knows ioredis.
  redis: { project: [], packages: ['ioredis'] },
  bus: { project: ['db/', 'redis/'], packages: ['node:'] },
  throttle: { project: ['redis/', 'bus/'], packages: ['node:'] },
  credentials: { project: ['graph/', 'integrations/', 'db/'] },
  pace: { project: ['throttle/', 'redis/', 'db/'], packages: ['node:'] },
  'temporal-client': { project: [], packages: ['@temporalio/client', '@temporalio/proto'] },
  // Its libraries are loaded only where an operator has switched them on.
  telemetry: { project: [] },
  activities: {
    project: [
      'graph/',
      'integrations/',
      'db/',
      'credentials/',
      'bus/',
      'pace/',
      'telemetry/',
      'temporal-client/',
      ...CONTRACT,
    ],
  },
  worker: {
    project: [
      'graph/',
      'settings/',
      'integrations/',
      'db/',
      'credentials/',
      'redis/',
      'bus/',
      'pace/',
      'telemetry/',
      'activities/',
      ...CONTRACT,
    ],
  },
  api: {
    project: [
      'graph/',
      'settings/',
      'guard/',
      'db/',
      'credentials/',
      'redis/',
      'bus/',
      'throttle/',
      'telemetry/',
      'temporal-client/',
      'integrations/describe.ts',
      'integrations/define-connection.ts',
      'integrations/index.ts',
      'integrations/own-nodes/load.ts',
      'integrations/rate-limit.ts',
      // Choices for authors are loaded through the same guard.
      'integrations/choices/',
      'integrations/offers.ts',
      // The API tests connections and fetches tokens, through the same guard as nodes.
      'integrations/context.ts',
      'integrations/network/',
      // Reading a body is the same work in both directions.
      'integrations/compression.ts',
      'integrations/text-encoding.ts',
      ...CONTRACT,
    ],
  },
  cli: {
    project: ['graph/', 'integrations/describe.ts', 'integrations/own-nodes/load.ts', 'package.json'],
    types: ['api/client-types.ts'],
  },
  // Starts the other rooms through their entry points, as processes or in its own process.
  embedded: {
    project: [
      'api/',
      'worker/',
      'db/',
      'bus/',
      'settings/',
      'guard/',
      'telemetry/',
      'playground/',
      'workflows/contract.ts',
    ],
  },
  // The outside world of the examples knows nothing of Blok.
  playground: { project: ['graph/json.ts', 'guard/'] },
};

/** Entry points of the code that runs inside Temporal's sandbox, where it must do the same thing forever. */
const SANDBOX_ENTRIES = ['graph/sandbox.ts', 'workflows/index.ts', 'workflows/interceptors.ts', 'workflows/realm.ts'];

/** Too heavy for the sandbox, or parsers that it must not need, because the plan holds everything parsed. */
const NOT_IN_SANDBOX = ['acorn', 'yaml', 'zod', 'node:'];

/** Checks every source against the law, and everything the sandbox reaches against the sandbox's own rules. */
export function checkLaw(sources: Sources): Violation[] {
  const violations: Violation[] = [];
  for (const [file, text] of sources) {
    const rule = file.endsWith('.ts') && !isTestCode(file) ? LAW[topOf(file)] : undefined;
    if (!rule) continue;
    const values = new Set(importsOf(text, { values: true }));
    for (const specifier of importsOf(text)) {
      const message = breaks(rule, file, specifier, values.has(specifier));
      if (message) violations.push({ file, message });
    }
  }
  return [...violations, ...checkSandboxImports(sources)];
}

/** Files that the sandbox loads, each with the file that imports it. */
export function sandboxFiles(sources: Sources): ReadonlyMap<string, string | null> {
  const reached = new Map<string, string | null>();
  const queue: [string, string | null][] = SANDBOX_ENTRIES.filter((entry) => sources.has(entry)).map((entry) => [
    entry,
    null,
  ]);
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [file, from] = next;
    const text = sources.get(file);
    if (text === undefined || reached.has(file)) continue;
    reached.set(file, from);
    // Imports of types vanish before anything is loaded.
    for (const specifier of importsOf(text, { values: true })) {
      if (specifier.startsWith('.')) queue.push([target(file, specifier), file]);
    }
  }
  return reached;
}

function checkSandboxImports(sources: Sources): Violation[] {
  const violations: Violation[] = [];
  for (const [file, from] of sandboxFiles(sources)) {
    for (const specifier of importsOf(sources.get(file)!, { values: true })) {
      if (specifier.startsWith('.') || !NOT_IN_SANDBOX.includes(packageOf(specifier))) continue;
      const way = from ? ` (reached through ${from})` : '';
      violations.push({ file, message: `imports ${specifier}, and runs in the workflow sandbox${way}` });
    }
  }
  return violations;
}

function breaks(rule: Rule, file: string, specifier: string, isValue: boolean): string | undefined {
  const top = topOf(file);
  if (specifier.startsWith('.')) {
    const to = target(file, specifier);
    if (isTestCode(to)) return `imports ${to}, which is for tests`;
    if (topOf(to) === top) return undefined;
    const allowed = isValue ? rule.project : [...rule.project, ...(rule.types ?? [])];
    if (allowed.some((path) => (path.endsWith('/') ? to.startsWith(path) : to === path))) return undefined;
    const types = rule.types ? `; types also from ${rule.types.join(', ')}` : '';
    return `imports ${to}; ${top}/ may import ${rule.project.join(', ') || 'nothing of the project'}${types}`;
  }
  if (!rule.packages || rule.packages.includes(packageOf(specifier))) return undefined;
  return `imports ${specifier}; ${top}/ may import the packages ${rule.packages.join(', ')}`;
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:';
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
}

/** The file that a relative import names. */
export function target(file: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(file), specifier));
}

function topOf(file: string): string {
  return file.slice(0, Math.max(0, file.indexOf('/')));
}

/** Tests may look into every room. Their helpers live in folders called `testing`, which nothing else may import. */
export function isTestCode(file: string): boolean {
  return /\.test\.ts$|(^|\/)testing\//.test(file);
}
