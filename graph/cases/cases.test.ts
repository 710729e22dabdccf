import { describe, expect, it } from 'vitest';
import { parseGraph } from '../document/parse.ts';
import { testCatalogue } from '../validate/testing/validated.ts';
import { parseSuite, runSuite } from './index.ts';

const GRAPH = `blok: 1
name: pay
vars: { limit: 100 }
triggers:
  hand: { uses: call }
  hook: { uses: webhook, with: { verify: none }, if: "\${{ trigger.body.kind == 'order' }}", input: { amount: "\${{ trigger.body.amount }}" } }
input: { type: object, required: [amount], properties: { amount: { type: number } } }
nodes:
  small: { uses: if, with: { test: "\${{ input.amount < vars.limit }}" } }
  ask:
    uses: approval
    needs: [small.false]
    timeout: 2d
    with: { to: ["role:lead"], title: Pay? }
  pay:
    uses: http.request
    needs: [small.true, ask.approved]
    retry: { maxAttempts: 3, delay: 1s, factor: 2 }
    with: { method: POST, url: "https://bank.acme.test/pay", json: { amount: "\${{ input.amount }}", at: "\${{ now }}" } }
output: { paid: "\${{ nodes.pay != null }}" }
`;

/** The problems of a suite, or what differs in each of its cases. */
function run(cases: string, graph = GRAPH) {
  const parsed = parseSuite(cases);
  if (parsed.suite === null) return { problems: parsed.problems };
  const { suite, source } = parsed;
  const subject = { suite, source, graph: parseGraph(graph).graph!, catalogue: testCatalogue };
  const { results, problems } = runSuite(subject);
  return { problems, results };
}

const differencesOf = (cases: string, graph?: string) => {
  const { problems, results } = run(cases, graph);
  expect(problems).toBeUndefined();
  return results!.flatMap(({ differences }) => differences);
};

const one = (body: string, expected: string) =>
  `cases:\n  - name: it\n${body.replaceAll(/^/gm, '    ')}\n    expect: ${expected}\n`;

describe('a case', () => {
  it('passes if the run is as it says', () => {
    const body = 'input: { amount: 5 }\nclock: 2026-03-01T09:00:00Z\npins: { pay: { status: 200 } }';
    const wanted =
      '{ output: { paid: true }, steps: { small: { port: "true" }, ask: skipped, pay: 1 }, effects: [{ step: pay, with: { json: { amount: 5, at: "2026-03-01T09:00:00.000Z" } } }], lasts: 0s }';
    expect(differencesOf(one(body, wanted))).toEqual([]);
  });

  it('fails with each thing that differs, at its line', () => {
    const wanted = '{ output: { paid: 1 }, steps: { ask: ran }, effects: [] }';
    const found = differencesOf(one('input: { amount: 5 }\npins: { pay: {} }', wanted));
    expect(found.map(({ what, expected, actual, line }) => [what, expected, actual, line])).toEqual([
      ['output.paid', 1, true, 5],
      ['steps.ask', 'ran', 'skipped', 5],
      ['effects: pay (http.request)', undefined, expect.anything(), 5],
    ]);
  });

  it('never calls anything: an effect without an answer fails the case, even where the graph handles the failure', () => {
    const graph = GRAPH.replace('retry: { maxAttempts: 3, delay: 1s, factor: 2 }', 'onError: continue');
    const [found] = differencesOf(one('input: { amount: 5 }', '{ output: { paid: false } }'), graph);
    expect(found?.message).toMatch(/^Step pay \(http\.request\) has no answer, .*`pins`: { pay: /);
    expect(found?.actual).toMatchObject({ method: 'POST' });
  });

  it('fires a trigger: its `if` and its `input` are read, and the input is checked', () => {
    const hook = (body: string) => `trigger: { id: hook, body: ${body} }\npins: { pay: {} }`;
    expect(
      differencesOf(one(hook('{ kind: order, amount: 7 }'), '{ effects: [{ with: { json: { amount: 7 } } }] }')),
    ).toEqual([]);
    expect(differencesOf(one(hook('{ kind: other }'), '{ status: declined }'))).toEqual([]);
    expect(differencesOf(one(hook('{ kind: order, amount: x }'), '{ status: refused, error: input.invalid }'))).toEqual(
      [],
    );
  });

  it('decides approvals when it says, by the clock of the run', () => {
    const ask = (after: string) =>
      `input: { amount: 500 }\npins: { ask: { decision: approved, by: ada, after: ${after} }, pay: {} }`;
    expect(differencesOf(one(ask('47h'), '{ output: { paid: true }, lasts: 47h }'))).toEqual([]);
    expect(differencesOf(one(ask('49h'), '{ error: { code: timeout, step: ask }, steps: { pay: notRun } }'))).toEqual(
      [],
    );
  });

  it('lets an effect fail a number of times, with the pauses between the attempts', () => {
    const fail = (times: number) =>
      `input: { amount: 5 }\npins: { pay: {} }\nfailures: { pay: { code: http.503, times: ${times} } }`;
    expect(differencesOf(one(fail(2), '{ steps: { pay: { attempts: 3 } }, lasts: 3s }'))).toEqual([]);
    expect(differencesOf(one(fail(3), '{ error: http.503, steps: { pay: { attempts: 3 } } }'))).toEqual([]);
  });

  it('cancels the run at a time', () => {
    const body = 'input: { amount: 500 }\ncancel: 3h';
    expect(differencesOf(one(body, '{ status: cancelled, lasts: 3h }'))).toEqual([]);
  });

  it('lets an effect take time: it loses a race, or its timeout', () => {
    const graph = `blok: 1
name: race
nodes:
  r:
    uses: race
    nodes:
      slow: { uses: http.request, with: { url: "https://a.acme.test" }, timeout: 1m }
      late: { uses: wait, with: { for: 10s } }
output: "\${{ nodes.r?.winner }}"
`;
    const takes = (time: string) => `pins: { slow: {} }\ntakes: { slow: ${time} }`;
    expect(differencesOf(one(takes('9s'), '{ output: slow, lasts: 9s }'), graph)).toEqual([]);
    expect(differencesOf(one(takes('11s'), '{ output: late, lasts: 10s }'), graph)).toEqual([]);
    const slow = graph.replace('10s', '10m');
    expect(differencesOf(one(takes('2m'), '{ error: { code: timeout, step: r.slow } }'), slow)).toEqual([]);
  });

  it('delivers events at their time, whatever waits', () => {
    const graph = `blok: 1
name: wait
nodes:
  paid: { uses: waitForEvent, with: { event: paid, key: o-1 }, timeout: 1d }
output: "\${{ nodes.paid.data }}"
`;
    const event = (at: string) =>
      `events: [{ name: paid, key: o-2, data: 1, at: 1h }, { name: paid, key: o-1, data: 2, at: ${at} }]`;
    expect(differencesOf(one(event('23h'), '{ output: 2, lasts: 23h }'), graph)).toEqual([]);
    expect(differencesOf(one(event('"2026-01-03T00:00:00Z"'), '{ error: timeout }'), graph)).toEqual([]);
  });

  it('is cut short in an endless loop', () => {
    const graph = `blok: 1
name: loop
nodes:
  l: { uses: while, with: { test: true, max: unlimited }, nodes: { s: { uses: set, with: { value: 1 } } } }
`;
    const [found] = differencesOf(one('vars: {}', '{}'), graph);
    expect(found).toMatchObject({
      what: 'status',
      actual: 'running',
      message: expect.stringContaining('endless loop'),
    });
  });

  it('takes what its file says for all cases, merged by name', () => {
    const text = `defaults: { pins: { pay: { status: 1 } }, failures: { pay: http.500 } }
cases:
  - { name: as given, input: { amount: 5 }, expect: { error: http.500 } }
  - { name: its own pin, input: { amount: 5 }, pins: { pay: { status: 2 } }, expect: { steps: { pay: { output: { status: 2 } } } } }
`;
    expect(differencesOf(text)).toEqual([]);
  });
});

describe('a file of graph tests', () => {
  it.each([
    ['', /empty/, 1],
    ['case: []', /There is no field `case` here\. Did you mean `cases`\?/, 1],
    ['cases: []', /too small/, 1],
    ['cases:\n  - name: x\n    expct: {}\n    expect: {}', /no field `expct`.*Did you mean `expect`/, 3],
    ['cases:\n  - name: x\n    expect: { status: done }', /`status` is done; it can be `succeeded`/, 3],
    ['cases:\n  - name: x\n    expect: { steps: { pay: maybe } }', /`pay` is a text \(maybe\); it can be /, 3],
    ['cases:\n  - name: x\n    failures: { pay: { times: 2 } }\n    expect: {}', /`code` is missing/, 3],
    ['cases:\n  - name: x\n    expect: { steps: { pya: ran } }', /There is no node pya.*Did you mean `pay`/, 3],
    ['cases:\n  - name: x\n    pins: { small: true }\n    expect: {}', /small is a node of the type `if`/, 3],
    ['cases:\n  - name: x\n    failures: { ask: x }\n    expect: {}', /ask is no effect/, 3],
    ['cases:\n  - name: x\n    trigger: hok\n    expect: {}', /no trigger `hok`.*Did you mean `hook`/, 3],
    ['cases:\n  - name: x\n    vars: { limt: 1 }\n    expect: {}', /no variable `limt`.*`limit`/, 3],
    ['cases:\n  - name: x\n    clock: soon\n    expect: {}', /`soon` is no ISO time/, 3],
    ['cases:\n  - name: x\n    cancel: soon\n    expect: {}', /neither a duration nor an ISO time/, 3],
    ['cases:\n  - { name: x, expect: {} }\n  - { name: x, expect: {} }', /Two cases are called `x`/, 3],
    ['cases: [1', /./, 1],
  ])('has clear problems: %j', (text, message, line) => {
    const { problems } = run(text);
    const found = problems?.find((each) => message.test(each.message));
    expect(found, JSON.stringify(problems)).toMatchObject({ line, hint: expect.stringMatching(/./) });
  });
});
