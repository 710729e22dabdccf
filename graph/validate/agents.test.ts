/** Agents: three that are meant as they are, and what is said about mistakes. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGraph } from '../document/parse.ts';
import type { Json } from '../json.ts';
import { testCatalogue, testConnections } from './testing/validated.ts';
import { validate, validateText } from './validate.ts';

const context = { catalogue: testCatalogue, connections: testConnections };
const examples = readFileSync(new URL('./testing/agent-examples.yaml', import.meta.url), 'utf8').split(/^---\n/m);

it.each(examples)('an agent as it is meant has no problems: %s', (text) => {
  expect(validateText(text, context).problems).toEqual([]);
});

/** A graph with an agent; `fields` replace those of a good one. */
const agent = (fields: { with?: string; nodes?: string; more?: string; around?: string }): string => `
blok: 1
name: demo
input: { type: object }
nodes:
  before: { uses: set, with: { value: 1 } }
  ${fields.around ?? ''}
  desk:
    uses: ai.agent
    needs: [before]
    connection: openai
    ${fields.more ?? ''}
    with: { model: m, input: "\${{ nodes.before }}", ${fields.with ?? 'tools: { find: { description: Finds., parameters: { type: object } } }'} }
    nodes: { ${fields.nodes ?? 'find: { uses: kv.get, with: { key: x } }'} }
output: "\${{ nodes.desk.output }}"
`;

const FIND = 'find: { uses: kv.get, with: { key: x } }';
const tools = (text: string): string => `tools: { ${text} }`;
const found = (text: string) =>
  validateText(text, context)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ code, path, message, hint }) => ({ code, path, says: `${message} ${hint}` }));

const at = (path: string): string => `/nodes/desk${path}`;

describe('a mistake in an agent', () => {
  it.each<[string, Parameters<typeof agent>[0], string, string, string]>([
    [
      'a tool without a node',
      { with: tools('find: { description: F. }, fund: { description: F. }') },
      'tool-mismatch',
      '/with/tools/fund',
      'Add `fund` to `nodes`',
    ],
    [
      'a node without a tool',
      { nodes: `${FIND}, other: { uses: set, with: { value: 1 } }` },
      'tool-mismatch',
      '/nodes/other',
      'with.tools',
    ],
    [
      'a misspelt tool',
      { with: tools('fnd: { description: F. }') },
      'tool-mismatch',
      '/with/tools/fnd',
      'Did you mean `find`?',
    ],
    ['no tools at all', { with: 'maxTurns: 3', nodes: '' }, 'bad-agent', '', 'ai.generate'],
    [
      'a link between tools',
      {
        nodes: `${FIND}, b: { uses: set, needs: [find], with: { value: 1 } }`,
        with: tools('find: { description: F. }, b: { description: B. }'),
      },
      'field-not-allowed',
      '/nodes/b/needs',
      '`try`',
    ],
    [
      'a condition of a tool',
      { nodes: 'find: { uses: kv.get, if: true, with: { key: x } }' },
      'field-not-allowed',
      '/nodes/find/if',
      'The model decides',
    ],
    [
      'a tool that continues after a failure',
      { nodes: 'find: { uses: kv.get, onError: continue, with: { key: x } }' },
      'field-not-allowed',
      '/nodes/find/onError',
      'told to the model',
    ],
    [
      'a tool that reads another one',
      {
        nodes: `${FIND}, b: { uses: set, with: { value: "\${{ nodes.find.value }}" } }`,
        with: tools('find: { description: F. }, b: { description: B. }'),
      },
      'not-upstream',
      '/nodes/b/with/value',
      'item.args',
    ],
    [
      'arguments that are no object',
      { with: tools('find: { description: F., parameters: { type: string } }') },
      'bad-tool',
      '/with/tools/find/parameters',
      'type: object',
    ],
    [
      'arguments without a type',
      { with: tools('find: { description: F., parameters: { properties: { a: {} } } }') },
      'bad-tool',
      '/with/tools/find/parameters',
      'must be an object',
    ],
    [
      'a schema that is none',
      { with: tools('find: { description: F., parameters: { type: object, required: x } }') },
      'bad-schema',
      '/with/tools/find/parameters/required',
      'list of names',
    ],
    [
      'a description that is computed',
      { with: tools('find: { description: "${{ input.x }}" }') },
      'expression-not-allowed',
      '/with/tools/find/description',
      'published',
    ],
    [
      'an empty description',
      { with: tools('find: { description: " " }') },
      'bad-tool',
      '/with/tools/find/description',
      'told nothing',
    ],
    [
      'no description',
      { with: tools('find: { parameters: { type: object } }') },
      'missing-parameter',
      '/with/tools/find/description',
      '',
    ],
    [
      'an approval without a title',
      { with: tools('find: { description: F., approval: { to: ["role:x"] } }') },
      'missing-parameter',
      '/with/tools/find/approval/title',
      '',
    ],
    [
      'an approval of nobody',
      { with: tools('find: { description: F., approval: { to: [x], title: T } }') },
      'bad-parameter',
      '/with/tools/find/approval/to/0',
      '',
    ],
    [
      'a limit of an approval that is none',
      { with: tools('find: { description: F., approval: { to: ["role:x"], title: T, timeout: soon } }') },
      'unknown-parameter',
      '/with/tools/find/approval/timeout',
      '',
    ],
    [
      'an approval that reads what its call has not',
      { with: tools('find: { description: F., approval: { to: ["role:x"], title: "${{ index }}" } }') },
      'not-in-scope',
      '/with/tools/find/approval/title',
      'loops.<id>.index',
    ],
    [
      'a notification that is no effect',
      {
        with: tools(
          'find: { description: F., approval: { to: ["role:x"], title: T, notify: { uses: set, with: { value: 1 } } } }',
        ),
      },
      'bad-inline',
      '/with/tools/find/approval/notify/uses',
      '',
    ],
    [
      'the call outside of the agent',
      { with: 'instructions: "${{ item.args }}", tools: { find: { description: F. } }' },
      'not-in-scope',
      '/with/instructions',
      'tools of an `ai.agent`',
    ],
    ['a body output', { more: 'output: x' }, 'field-not-allowed', '/output', 'with.output'],
    [
      'an undo of the agent',
      { more: 'compensate: { uses: kv.set, with: { key: a, value: 1 } }' },
      'field-not-allowed',
      '/compensate',
      'Give each tool',
    ],
    [
      'an answer that is no object',
      { with: 'output: { type: array }, tools: { find: { description: F. } }' },
      'bad-agent',
      '/with/output',
      'a list can be one of its fields',
    ],
    [
      'a limit of nothing',
      { with: 'maxTurns: 0, tools: { find: { description: F. } }' },
      'bad-parameter',
      '/with/maxTurns',
      'the least is 1',
    ],
    [
      'an unknown parameter',
      { with: 'maxturns: 3, tools: { find: { description: F. } }' },
      'unknown-parameter',
      '/with/maxturns',
      'Did you mean `maxTurns`?',
    ],
    [
      'a field of the answer that does not exist',
      { around: 'tell: { uses: log, needs: [desk], with: { message: "${{ nodes.desk.answer }}" } }' },
      'unknown-field',
      '',
      '',
    ],
    [
      'a reserved name',
      { with: tools('error: { description: F. }'), nodes: 'error: { uses: kv.get, with: { key: x } }' },
      'reserved-id',
      '/nodes/error',
      '',
    ],
    [
      'a tool called as a node around',
      { with: tools('before: { description: F. }'), nodes: 'before: { uses: kv.get, with: { key: x } }' },
      'duplicate-id',
      '/nodes/before',
      '',
    ],
    [
      'a server that is no server',
      { with: 'mcp: [{ url: "npx some-server", tools: [a] }]', nodes: '' },
      'bad-parameter',
      '/with/mcp/0/url',
      'over HTTP',
    ],
    [
      'a server without tools',
      { with: 'mcp: [{ url: "https://x.example", tools: [] }]', nodes: '' },
      'bad-parameter',
      '/with/mcp/0/tools',
      '',
    ],
    [
      'tools of a server that are computed',
      { with: 'mcp: [{ url: "https://x.example", tools: ["${{ input.t }}"] }]', nodes: '' },
      'expression-not-allowed',
      '/with/mcp/0/tools',
      'published',
    ],
    [
      'two servers of one name',
      {
        with: 'mcp: [{ name: w, url: "https://x.example", tools: [a] }, { name: w, url: "https://y.example", tools: [a] }]',
        nodes: '',
      },
      'duplicate-id',
      '/with/mcp/1/name',
      '',
    ],
    [
      'a server called as a node around',
      { with: 'mcp: [{ name: before, url: "https://x.example", tools: [a] }]', nodes: '' },
      'duplicate-id',
      '/with/mcp/0/name',
      'otherwise',
    ],
    [
      'tools that the model cannot tell apart',
      { with: 'mcp: [{ name: w, url: "https://x.example", tools: [a.b, a_b] }]', nodes: '' },
      'bad-tool',
      '/with/mcp/0/tools/1',
      'w_a_b',
    ],
    [
      'an unknown connection of a server',
      { with: 'mcp: [{ name: w, url: "https://x.example", connection: nope, tools: [a] }]', nodes: '' },
      'unknown-connection',
      '/with/mcp/0/connection',
      '',
    ],
    [
      'a wrong connection of a server',
      { with: 'mcp: [{ name: w, url: "https://x.example", connection: smtp, tools: [a] }]', nodes: '' },
      'wrong-connection',
      '/with/mcp/0/connection',
      'http-*',
    ],
  ])('is named, with what to do: %s', (_what, fields, code, path, says) => {
    const problems = found(agent(fields));
    const where = code === 'unknown-field' ? '/nodes/tell/with/message' : at(path);
    expect(problems).toContainEqual({ code, path: where, says: expect.stringContaining(says) });
    expect(problems.every((problem) => !problem.says.includes('undefined'))).toBe(true);
  });

  it('of its connection is named, too', () => {
    const codes = (text: string) => found(text).map(({ code, path }) => `${code} ${path}`);
    expect(codes(agent({}).replace('    connection: openai\n', ''))).toEqual([
      'missing-connection /nodes/desk/connection',
    ]);
    expect(codes(agent({}).replace('connection: openai', 'connection: smtp'))).toEqual([
      'wrong-connection /nodes/desk/connection',
    ]);
  });

  it('is to write a step of an agent as a node', () => {
    const text =
      'blok: 1\nname: demo\nnodes: { a: { uses: ai.turn, connection: openai, with: { next: {}, tools: {} } } }';
    expect(found(text)).toContainEqual({
      code: 'bad-agent',
      path: '/nodes/a/uses',
      says: expect.stringContaining('ai.agent'),
    });
  });
});

it('lets a `try` without `catch` hold the steps of a tool together, and nothing else', () => {
  const inside =
    'find: { uses: try, nodes: { a: { uses: kv.get, with: { key: x } } }, output: "${{ nodes.a.value }}" }';
  expect(found(agent({ nodes: inside }))).toEqual([]);
  const deeper = 'find: { uses: try, nodes: { t: { uses: try, nodes: {} } } }';
  expect(found(agent({ nodes: deeper }))).toMatchObject([{ code: 'bad-try' }]);
});

it('names the call by the agent from deep inside, and the loops around it by their ids', () => {
  const inner = `find: { uses: forEach, with: { items: [1] }, nodes: { a: { uses: kv.set, with: { key: "\${{ [item, index, loops.desk.item.args, loops.f.item, loops.f.index] }}", value: 1 } } } }`;
  const text = `
blok: 1
name: demo
nodes:
  f:
    uses: forEach
    with: { items: [1] }
    nodes:
      desk:
        uses: ai.agent
        connection: openai
        with: { model: m, input: "\${{ [item, index] }}", tools: { find: { description: F. } } }
        nodes: { ${inner} }
`;
  expect(found(text)).toEqual([]);
  expect(found(text.replace('loops.desk.item.args', 'loops.desk.index'))).toMatchObject([{ code: 'not-in-scope' }]);
});

describe('whatever stands in an agent', () => {
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<Json>(null, true, 1, '', 'x', '${{ item.args }}', '${{', [], {}),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          'tools',
          'mcp',
          'find',
          'description',
          'parameters',
          'approval',
          'to',
          'notify',
          'uses',
          'with',
          'url',
          'name',
          'type',
          'timeout',
        ),
        tie('value'),
        { maxKeys: 4 },
      ),
    ),
  })).value as fc.Arbitrary<Json>;
  const parts = fc.dictionary(
    fc.constantFrom('tools', 'mcp', 'output', 'maxTurns', 'input', 'model', 'concurrency'),
    json,
  );

  it('the checks end with problems, never with an exception', () => {
    const { graph } = parseGraph(agent({}));
    fc.assert(
      fc.property(parts, (given) => {
        const desk = { ...graph!.nodes.desk!, with: given };
        const problems = validate({ ...graph!, nodes: { ...graph!.nodes, desk } }, context);
        for (const { path, message } of problems) expect([path, message]).not.toContain(undefined);
      }),
      { numRuns: 500 },
    );
  });
});
