/** What an agent means: the steps that it becomes, played dry. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGraph } from '../document/parse.ts';
import { dryRun } from '../dry-run/index.ts';
import type { Json, JsonObject } from '../json.ts';
import { testCatalogue } from '../validate/testing/validated.ts';
import { validateText } from '../validate/validate.ts';
import { expandAgents } from './expand-agents.ts';
import { compile } from './index.ts';

const TOOLS = `
      tools:
        find: { description: F., parameters: { type: object, required: [order], properties: { order: { type: integer } } } }
        pay: { description: P., parameters: { type: object }, approval: { to: ["role:x"], title: "Pay \${{ item.args.to }}?" } }`;
const NODES = `
      find: { uses: kv.get, with: { key: "order \${{ item.args.order }}" } }
      pay: { uses: kv.set, with: { key: "\${{ item.id }}", value: "\${{ item.args }}" }, compensate: { uses: kv.set, with: { key: undone, value: "\${{ item.id }}" } } }`;

const agent = (more = '', nodes = NODES, tools = TOOLS): string => `
blok: 1
name: demo
input: { type: object }
nodes:
  desk:
    uses: ai.agent
    connection: openai
    timeout: 1h
    with:
      model: m
      input: "\${{ input.mail }}"
      ${more}${tools}
    nodes:${nodes}
output: "\${{ nodes.desk }}"
`;

function planOf(text: string) {
  const { graph, problems } = validateText(text, { catalogue: testCatalogue });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return compile(graph!, testCatalogue).plan!;
}

const calls = (...list: [name: string, args?: Json][]): JsonObject => ({
  calls: list.map(([name, args = {}]) => ({ name, args })),
});

const run = (text: string, pins: JsonObject, more: object = {}) => {
  const outcome = dryRun({ plan: planOf(text), catalogue: testCatalogue, input: { mail: 'hi' }, pins, ...more });
  const ran = outcome.steps.filter(({ status }) => status !== 'skipped').map(({ path, status }) => `${path} ${status}`);
  const step = (path: string) => outcome.steps.find((each) => each.path === path)!;
  return { ...outcome, ran, step };
};

describe('an agent', () => {
  it('takes turns until the model answers; each call of the model and of a tool is a step', () => {
    const { status, output, ran, step } = run(agent(), {
      'desk[0].model': calls(['find', { order: 7 }], ['find', { order: 8 }]),
      'desk[0].calls[0].find': { value: 'seven', version: 1 },
      'desk[0].calls[1].find': { value: 'eight', version: 1 },
      'desk[1].model': { text: 'Both are here.' },
    });
    expect(status).toBe('succeeded');
    expect(output).toMatchObject({ output: 'Both are here.', text: 'Both are here.', turns: 2, cost: null });
    expect(ran).toEqual([
      'desk[0].model succeeded',
      'desk[0].calls[0].find succeeded',
      'desk[0].calls[1].find succeeded',
      'desk[0].calls succeeded',
      'desk[1].model succeeded',
      'desk succeeded',
    ]);
    expect(step('desk').type).toBe('ai.agent');
    expect(step('desk[0].model').input).toMatchObject({ next: { start: { model: 'm', input: 'hi' }, maxTurns: 16 } });
    expect(step('desk[1].model').input).toMatchObject({
      next: {
        results: [
          { id: 'call_1_1', outputs: { find: { value: 'seven' } } },
          { id: 'call_1_2', outputs: { find: { value: 'eight' } } },
        ],
        errors: [],
      },
    });
  });

  it('starts no step for a name that is no tool, nor for arguments that do not fit', () => {
    const { ran } = run(agent(), {
      'desk[0].model': calls(
        ['steal', {}],
        ['find', { order: 'x' }],
        ['calls', {}],
        ['model', {}],
        ['constructor', {}],
      ),
      'desk[1].model': { text: 'Sorry.' },
    });
    expect(ran).toEqual(['desk[0].model succeeded', 'desk[1].model succeeded', 'desk succeeded']);
  });

  it('calls no tool that takes no arguments with some', () => {
    const { ran } = run(
      agent('', '\n      stop: { uses: kv.get, with: { key: x } }', 'tools: { stop: { description: S. } }'),
      {
        'desk[0].model': calls(['stop', { all: true }]),
        'desk[1].model': { text: 'Done.' },
      },
    );
    expect(ran).toEqual(['desk[0].model succeeded', 'desk[1].model succeeded', 'desk succeeded']);
  });

  it('is not compiled with an approval that nobody could give', () => {
    const { graph } = parseGraph(
      agent().replace(
        'approval: { to: ["role:x"], title: "Pay ${{ item.args.to }}?" }',
        'approval: "${{ input.who }}"',
      ),
    );
    expect(() => compile(graph!, testCatalogue)).toThrow('approval of the tool pay');
  });

  it('asks before a tool that needs an approval, and tells the model if somebody is against it', () => {
    const pins = {
      'desk[0].model': calls(['pay', { to: 'ann' }]),
      'desk[1].model': { text: 'ok' },
      pay: { value: 1, previous: null, version: 1 },
    };
    const agreed = run(agent(), { ...pins, ask_pay: 'approved' });
    expect(agreed.ran).toContain('desk[0].calls[0].pay succeeded');
    expect(agreed.step('desk[0].calls[0].ask_pay').input).toMatchObject({ title: 'Pay ann?' });
    const against = run(agent(), { ...pins, ask_pay: { decision: 'rejected', comment: 'too much' } });
    expect(against.ran).not.toContain('desk[0].calls[0].pay succeeded');
    expect(against.step('desk[1].model').input).toMatchObject({
      next: { results: [{ approvals: { pay: { decision: 'rejected', comment: 'too much' } } }] },
    });
    // Nobody decides, and the clock of a dry run jumps to what comes next: the timeout of the agent.
    expect(run(agent(), pins).error).toMatchObject({ code: 'timeout', step: 'desk' });
  });

  it('goes on after the failure of a tool, which is told to the model', () => {
    const { status, step, ran } = run(
      agent(),
      { 'desk[0].model': calls(['find', { order: 1 }]), 'desk[1].model': { text: 'It is broken.' } },
      { failures: { find: { code: 'kv.away', message: 'away' } } },
    );
    expect([status, ran.includes('desk[0].calls[0].find failed')]).toEqual(['succeeded', true]);
    expect(step('desk[1].model').input).toMatchObject({
      next: { results: [null], errors: [{ index: 0, error: { code: 'kv.away' } }] },
    });
  });

  it('undoes what its tools did if it fails later, the newest first', () => {
    const paid = { value: 1, previous: null, version: 1 };
    const { error, ran } = run(
      agent(),
      {
        'desk[0].model': calls(['pay', { n: 1 }]),
        'desk[1].model': calls(['pay', { n: 2 }]),
        ask_pay: 'approved',
        pay: paid,
      },
      { failures: { 'desk[2].model': { code: 'openai.500' } } },
    );
    expect(error?.code).toBe('openai.500');
    expect(ran.filter((each) => each.includes('compensate'))).toEqual([
      'desk[1].calls[0].pay.compensate succeeded',
      'desk[0].calls[0].pay.compensate succeeded',
    ]);
  });

  it('fails in its last turn without calling the tools of that turn', () => {
    const { error, ran } = run(agent('maxTurns: 2'), {
      'desk[0].model': calls(['find', { order: 1 }]),
      find: { value: 1, version: 1 },
      'desk[1].model': calls(['find', { order: 2 }]),
    });
    expect(error).toMatchObject({ code: 'agent.turns', step: 'desk[1].limit' });
    expect(ran).not.toContain('desk[1].calls[0].find succeeded');
  });

  it('reads its parameters once, where it stands, and not again in its rounds', () => {
    const { graph } = parseGraph(
      agent('maxTurns: "${{ index + 3 }}"\n      instructions: "${{ item }}"').replace(
        '${{ nodes.desk }}',
        '${{ nodes.each }}',
      ),
    );
    const desk = graph!.nodes.desk!;
    const plan = compile(
      { ...graph!, nodes: { each: { uses: 'forEach', with: { items: ['a', 'b'] }, nodes: { desk } } } },
      testCatalogue,
    ).plan!;
    const outcome = dryRun({ plan, catalogue: testCatalogue, input: { mail: 'm' }, pins: { model: { text: 'x' } } });
    const inputs = outcome.steps.filter(({ node }) => node === 'model').map(({ input }) => input as JsonObject);
    expect(inputs).toMatchObject([
      { next: { start: { instructions: 'a' }, maxTurns: 3 } },
      { next: { start: { instructions: 'b' }, maxTurns: 4 } },
    ]);
  });

  it('gives its calls of the model its own connection, retries and priority', () => {
    const text = agent().replace('timeout: 1h', 'timeout: 1h\n    retry: { maxAttempts: 9 }\n    priority: 1');
    const [desk] = planOf(text).body.nodes;
    const model = desk!.body!.nodes.find(({ id }) => id === 'model')!;
    expect(model).toMatchObject({ priority: 1, effect: { connection: 'openai', retry: { maxAttempts: 9 } } });
    expect([desk!.uses, desk!.timeoutMs, desk!.effect]).toEqual(['while', 3_600_000, undefined]);
  });

  it('numbers its steps where the author has used their names', () => {
    const text = agent(
      '',
      '\n      calls: { uses: kv.get, with: { key: "${{ nodes.model }} ${{ loops.desk.item.id }}" } }',
      '\n      tools: { calls: { description: C. } }',
    ).replace('  desk:\n', '  model: { uses: set, with: { value: mine } }\n  desk:\n    needs: [model]\n');
    const { ran, step } = run(text, {
      'desk[0].model2': calls(['calls']),
      'desk[0].calls2[0].calls': { value: 1, version: 1 },
      'desk[1].model2': { text: 'x' },
    });
    expect(ran).toContain('desk[0].calls2[0].calls succeeded');
    expect(step('desk[0].calls2[0].calls').input).toEqual({ key: 'mine call_1_1' });
  });

  it('can be a tool of another agent', () => {
    const text = agent(
      '',
      `
      ask:
        uses: ai.agent
        connection: openai
        with: { model: m2, input: "\${{ item.args.q }}", tools: { look: { description: L. } } }
        nodes: { look: { uses: kv.get, with: { key: "\${{ loops.desk.item.id }} \${{ item.id }}" } } }`,
      '\n      tools: { ask: { description: A., parameters: { type: object } } }',
    );
    const { output, step } = run(text, {
      'desk[0].model': calls(['ask', { q: 'why?' }]),
      'desk[0].calls[0].ask[0].model2': calls(['look']),
      look: { value: 1, version: 1 },
      'desk[0].calls[0].ask[1].model2': { text: 'because' },
      'desk[1].model': { text: 'done' },
    });
    expect(output).toMatchObject({ output: 'done' });
    expect(step('desk[0].calls[0].ask[0].calls2[0].look').input).toEqual({ key: 'call_1_1 call_1_1' });
    expect(step('desk[1].model').input).toMatchObject({
      next: { results: [{ outputs: { ask: { output: 'because' } } }] },
    });
  });

  it('asks MCP servers for their tools once, and calls them by steps of their names', () => {
    const text = `
blok: 1
name: demo
vars: { wiki: "https://wiki.example/mcp" }
nodes:
  desk:
    uses: ai.agent
    connection: openai
    with: { model: m, input: x, mcp: [{ name: wiki, url: "\${{ vars.wiki }}", connection: c, tools: [search, pages/read] }, { url: "https://b.example", tools: [t] }] }
`;
    const { ran, step } = run(
      text,
      {
        list_wiki: { server: 'wiki', url: 'https://wiki.example/mcp', tools: [] },
        list_mcp2: { server: 'mcp2', url: 'https://b.example', tools: [] },
        'desk[0].model': calls(['wiki_search', { q: 'x' }], ['wiki_delete'], ['mcp2_t'], ['search']),
        wiki: { text: 'found' },
        mcp2: { text: 'two' },
        'desk[1].model': { text: 'x' },
      },
      { vars: { wiki: 'https://wiki.example/mcp' } },
    );
    expect(ran).toEqual([
      'desk[0].first succeeded',
      'desk[0].list_mcp2 succeeded',
      'desk[0].list_wiki succeeded',
      'desk[0].model succeeded',
      'desk[0].calls[0].wiki succeeded',
      'desk[0].calls[1].mcp2 succeeded',
      'desk[0].calls succeeded',
      'desk[1].first succeeded',
      'desk[1].model succeeded',
      'desk succeeded',
    ]);
    expect(step('desk[0].list_wiki').input).toMatchObject({
      url: 'https://wiki.example/mcp',
      tools: [{ name: 'search' }, { name: 'pages/read' }],
    });
    expect(step('desk[0].calls[0].wiki').input).toMatchObject({ tool: 'search', args: { q: 'x' } });
  });
});

it('leaves a graph without agents as it is', () => {
  const { graph } = parseGraph('blok: 1\nname: x\nnodes: { a: { uses: try, nodes: {}, catch: { nodes: {} } } }');
  expect(expandAgents(graph!)).toBe(graph);
});

it('whatever the model wants: only tools run, each call once, and the run ends', () => {
  const plan = planOf(agent('maxTurns: 5'));
  const call = fc.record({
    name: fc.oneof(
      fc.constantFrom('find', 'pay', 'model', 'calls', 'limit', 'ask_pay', '__proto__', 'toString', ''),
      fc.string(),
    ),
    args: fc.oneof(
      fc.constantFrom<Json>({}, { order: 1 }, { order: 'x' }, null, 'x', []),
      fc.jsonValue() as fc.Arbitrary<Json>,
    ),
  });
  const turn = fc.oneof(
    fc.record({ calls: fc.array(call, { minLength: 1, maxLength: 4 }) }),
    fc.constant({ text: 'done' }),
  );
  fc.assert(
    fc.property(fc.array(turn, { minLength: 5, maxLength: 5 }), fc.boolean(), (turns, agrees) => {
      const pins = Object.fromEntries(turns.map((each, index) => [`desk[${index}].model`, each as Json]));
      const value = { value: 1, previous: null, version: 1 };
      const outcome = dryRun({
        plan,
        catalogue: testCatalogue,
        input: { mail: 'x' },
        pins: { ...pins, find: value, pay: value, ask_pay: agrees ? 'approved' : 'rejected' },
      });
      expect(['succeeded', 'failed']).toContain(outcome.status);
      if (outcome.status === 'failed') expect(outcome.error?.code).toBe('agent.turns');
      const ran = outcome.steps.filter(({ status }) => status === 'succeeded').map(({ path }) => path);
      expect(new Set(ran).size).toBe(ran.length);
      for (const path of ran)
        expect(path).toMatch(/^desk(\[\d\]\.(model|calls(\[\d\]\.(find|pay|ask_pay))?))?$|\.compensate$/);
      const asked = turns.flatMap((each) => ('calls' in each ? each.calls : []));
      const pays = asked.filter(({ name }) => name === 'pay').length;
      expect(ran.filter((path) => path.endsWith('.pay')).length).toBeLessThanOrEqual(agrees ? pays : 0);
    }),
    { numRuns: 200 },
  );
});
