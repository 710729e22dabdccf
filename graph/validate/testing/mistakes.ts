/** Mistakes that can be planted in any graph, to check that each is reported even if there are others. */
import type { ProblemCode } from '../../problems/codes.ts';

/** A graph or a node while a mistake is planted in it. */
export interface Fields {
  uses?: unknown;
  needs?: unknown;
  with?: unknown;
  nodes?: Record<string, Fields>;
  [field: string]: unknown;
}

/** A node of the graph a mistake is planted in, of the graph's own body or of an inner one. */
export interface PlantedAt {
  readonly id: string;
  readonly node: Fields;
  /** JSON Pointer of the node, and the nodes it stands among. */
  readonly path: string;
  readonly siblings: Record<string, unknown>;
}

/** Plants a mistake. Returns the path of its problem, or null if the graph has no place for the mistake there. */
export interface Mistake {
  readonly name: string;
  readonly code: ProblemCode | string;
  readonly plant: (at: PlantedAt, graph: Fields) => string | null;
}

const EFFECTS: Readonly<Record<string, string>> = { 'http.request': 'url', 'kv.get': 'key', 'email.send': 'subject' };

const linksOf = (node: Fields): string[] => (node.needs ?? []) as string[];

/** Sets a field of a node to something of the wrong kind. */
const wrongField = (field: string, value: unknown, code: ProblemCode = 'bad-value', inner = ''): Mistake => ({
  name: `${field} is ${JSON.stringify(value)}`,
  code,
  plant: ({ node, path }) => {
    node[field] = value;
    return `${path}/${field}${inner}`;
  },
});

/** Sets a field of the graph to something of the wrong kind. */
const wrongTop = (field: string, value: unknown, code: ProblemCode = 'bad-value'): Mistake => ({
  name: `the graph's ${field} is ${JSON.stringify(value)}`,
  code,
  plant: (_at, graph) => {
    graph[field] = value;
    return `/${field}`;
  },
});

/** Adds a node that has a mistake in it. */
const extraNode = (
  code: string,
  node: () => Fields,
  field: string,
  id = `planted${code.replaceAll('-', '')}`,
): Mistake => ({
  name: `a node with ${code} in ${field || 'its id'}`,
  code,
  plant: ({ siblings, path }) => {
    if (Object.hasOwn(siblings, id)) return null;
    siblings[id] = node();
    return `${path.slice(0, path.lastIndexOf('/'))}/${id}${field}`;
  },
});

const log = (message: unknown, more: Fields = {}): Fields => ({ uses: 'log', with: { message }, ...more });

/** Fields of an unusable kind; in earlier versions, each of these ended all further checks. */
const wrongKinds: readonly Mistake[] = [
  {
    name: 'needs is a text',
    code: 'bad-value',
    plant: ({ node, path }) => {
      const needs = linksOf(node);
      if (needs.length !== 1) return null;
      node.needs = needs[0];
      return `${path}/needs`;
    },
  },
  wrongField('with', ['url']),
  wrongField('with', 'text'),
  wrongField('timeout', 30),
  wrongField('retry', 3),
  wrongField('retry', { maxAttempts: 'three' }, 'bad-value', '/maxAttempts'),
  wrongField('join', 'both'),
  wrongField('onError', 'ignore'),
  wrongField('label', 7),
  wrongField('connection', 5),
  wrongField('priority', 'high'),
  wrongField('compensate', 'undo'),
  wrongField('catch', []),
  wrongField('uses', 5),
  wrongTop('input', []),
  wrongTop('triggers', []),
  wrongTop('vars', ['a']),
  wrongTop('label', 1),
  wrongTop('concurrency', 1),
  wrongTop('rateLimit', 1),
  wrongTop('batch', []),
  wrongTop('blok', 2, 'unsupported-language'),
  wrongTop('name', 5),
  {
    name: 'uses is missing',
    code: 'missing-field',
    plant: ({ node, path }) => {
      delete node.uses;
      return `${path}/uses`;
    },
  },
  {
    name: 'a node is null',
    code: 'bad-value',
    plant: ({ siblings, path }) => {
      siblings.plantedNull = null;
      return `${path.slice(0, path.lastIndexOf('/'))}/plantedNull`;
    },
  },
  {
    name: 'a node is its type',
    code: 'bad-value',
    plant: ({ id, node, siblings, path }) => {
      siblings[id] = node.uses;
      return path;
    },
  },
  {
    name: 'an inner body is a list',
    code: 'bad-value',
    plant: ({ siblings, path }) => {
      siblings.plantedLoop = { uses: 'forEach', with: { items: [] }, nodes: [{ id: 'a', uses: 'log' }] };
      return `${path.slice(0, path.lastIndexOf('/'))}/plantedLoop/nodes`;
    },
  },
];

/** Mistakes of meaning, which are found only if the checks get that far. */
const meanings: readonly Mistake[] = [
  { ...wrongField('timout', '3s', 'unknown-key'), name: 'a misspelt field' },
  {
    name: 'a misspelt type',
    code: 'unknown-type',
    plant: ({ node, path }) => {
      node.uses = `${node.uses}x`;
      return `${path}/uses`;
    },
  },
  {
    name: 'a missing parameter',
    code: 'missing-parameter',
    plant: ({ node, path }) => {
      const name = EFFECTS[String(node.uses)];
      if (name === undefined) return null;
      delete (node.with as Fields)[name];
      return `${path}/with/${name}`;
    },
  },
  {
    name: 'an unknown parameter',
    code: 'unknown-parameter',
    plant: ({ node, path }) => {
      if (EFFECTS[String(node.uses)] === undefined || node.uses === 'kv.get') return null;
      (node.with as Fields).metod = 'GET';
      return `${path}/with/metod`;
    },
  },
  {
    name: 'a link to nowhere',
    code: 'dangling-link',
    plant: ({ node, path }) => {
      const needs = linksOf(node);
      node.needs = [...needs, 'nowhere'];
      return `${path}/needs/${needs.length}`;
    },
  },
  {
    name: 'the same link twice',
    code: 'duplicate-link',
    plant: ({ node, path }) => {
      const needs = linksOf(node);
      if (needs.length === 0) return null;
      node.needs = [...needs, needs[0]];
      return `${path}/needs/${needs.length}`;
    },
  },
  { ...wrongField('timeout', '5 minutes', 'bad-duration'), name: 'a duration in words' },
  extraNode('unknown-var', () => log('${{ vars.planted }}'), '/with/message'),
  extraNode('unknown-node', () => log('${{ nodes.planted.id }}'), '/with/message'),
  extraNode('expression-syntax', () => log('${{ input. }}'), '/with/message'),
  extraNode('unknown-name', () => log('${{ inptu.x }}'), '/with/message'),
  extraNode('unknown-function', () => log('${{ Math.maxx(1) }}'), '/with/message'),
  extraNode('not-in-scope', () => log('${{ resume.url }}'), '/with/message'),
  extraNode('unknown-loop', () => log('${{ loops.planted.index }}'), '/with/message'),
  extraNode('inline-secret', () => log('AKIAABCDEFGHIJKLMNOP'), '/with/message'),
  extraNode('missing-connection', () => ({ uses: 'postgres.query', with: { sql: 'select 1' } }), '/connection'),
  extraNode(
    'unknown-connection',
    () => ({ uses: 'postgres.query', connection: 'nowhere', with: { sql: 'select 1' } }),
    '/connection',
  ),
  extraNode('cycle', () => log('x', { needs: ['plantedcycle'] }), '/needs'),
  extraNode('bad-parameter', () => ({ uses: 'limit', with: { items: [], count: -1 } }), '/with/count'),
  extraNode('bad-try', () => ({ uses: 'try', nodes: {} }), ''),
  extraNode('field-not-allowed', () => log('x', { retry: {} }), '/retry'),
  extraNode('bad-value', () => log('x', { if: 'no' }), '/if'),
  extraNode('reserved-id', () => log('x'), '', 'notify'),
  extraNode('bad-id', () => log('x'), '', 'planted-id'),
  extraNode(
    'bad-retry',
    () => ({ uses: 'kv.set', with: { key: 'a', value: 1 }, retry: { delay: '1m', maxDelay: '1s' } }),
    '/retry/maxDelay',
  ),
  extraNode('bad-case', () => ({ uses: 'switch', with: { value: 1, cases: [{ port: 'x' }] } }), '/with/cases/0'),
  extraNode('expression-not-allowed', () => ({ uses: 'sort', with: { items: [], by: '${{ [] }}' } }), '/with/by'),
  extraNode(
    'local-not-allowed',
    () => ({ uses: 'kv.set', dispatch: 'local', with: { key: 'a', value: 1 } }),
    '/dispatch',
  ),
];

export const mistakes: readonly Mistake[] = [...wrongKinds, ...meanings];
