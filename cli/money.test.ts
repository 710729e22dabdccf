import { describe, expect, it } from 'vitest';
import { aRun, cli } from './testing/harness.ts';

const SUM = {
  calls: 2,
  input: 10,
  cacheRead: 3,
  cacheWrite: 1,
  output: 5,
  cost: '0.0125',
  unpriced: 1,
  estimated: 0,
  open: 1,
  reserved: '0.5',
};
const PROMPT = {
  ...{ name: 'hi', version: 3, hash: 'h', message: null, author: 'ada', createdAt: '2026-11-27T10:00:00.000Z' },
  document: {
    variables: { type: 'object', properties: { name: { type: 'string' } } },
    messages: [{ role: 'user', text: 'Hi ${{ vars.name }}' }],
    tests: [
      { name: 'greets', variables: { name: 'Ada' }, expect: { contains: ['Ada'], answer: { contains: ['Hello'] } } },
      { name: 'fails', variables: { name: 1 }, expect: { fails: true } },
    ],
  },
};

describe('blok usage', () => {
  it('prints sums by group and in all, and says what has no price', async () => {
    const body = { from: '2026-11-01', to: '2026-11-27', timeZone: 'UTC', complete: true, total: SUM };
    const items = [{ day: '2026-11-27', provider: 'openai', model: 'm\u001b[31m', ...SUM }];
    const result = await cli(['usage', '--by', 'day,model', '--from', '2026-11-01'], {
      answers: { 'GET /api/usage': [{ body: { ...body, items } }] },
    });
    expect(result.code).toBe(0);
    expect(result.out).toMatch(/2026-11-27 +openai +m�\[31m +2 +11 +3 +5 +\$0\.0125 +1 \(\$0\.5\)/);
    expect(result.out).toMatch(/total +2 +11/);
    expect(result.err).toContain('Calls without a known price, in no sum: 1.');
    expect(result.seen[0]).toMatchObject({ query: { by: 'day,model', from: '2026-11-01' } });
  });

  it('lists the calls of a run', async () => {
    const call = { run: 'r1', step: 'ask', attempt: 2, provider: 'openai', model: 'm', usage: SUM, madeAt: '' };
    const items = [
      { ...call, state: 'settled', cost: '0.1', estimate: '1' },
      { ...call, state: 'settled', cost: null, estimate: null },
      { ...call, state: 'unknown', cost: null, estimate: '1' },
    ];
    const result = await cli(['usage', '--run', 'r1'], {
      answers: { 'GET /api/usage/calls': [{ body: { items, next: null } }] },
    });
    expect(result.out).toMatch(/\$0\.1 +settled\n.*unknown +settled\n.*up to \$1 +unknown/);
  });
});

describe('blok budgets', () => {
  const budget = {
    name: 'daily',
    scope: 'workspace',
    workflow: null,
    period: 'day',
    kind: 'hard',
    amount: '5',
    spent: '1',
    left: '4',
    passed: false,
  };

  it('lists, sets and removes budgets', async () => {
    const listed = await cli(['budgets', 'list'], { answers: { 'GET /api/budgets': [{ body: { items: [budget] } }] } });
    expect(listed.out).toMatch(/daily +workspace +day +\$5 +\$1 +\$4 +hard/);
    const set = await cli(['budgets', 'set', 'daily', '--amount', '5', '--soft', '--period', 'month'], {
      answers: { 'PUT /api/budgets/daily': [{ body: budget }] },
    });
    expect(set.seen[0]).toMatchObject({ body: { amount: '5', scope: 'workspace', period: 'month', kind: 'soft' } });
    expect([set.code, set.err]).toEqual([0, expect.stringContaining('daily: $5')]);
    const gone = await cli(['budgets', 'delete', 'daily'], {
      answers: { 'DELETE /api/budgets/daily': [{ body: { deleted: true } }] },
    });
    expect(gone.err).toContain('is removed');
  });

  it('shows and sets the time zone of the workspace', async () => {
    const body = { name: 'default', timeZone: 'Europe/Berlin' };
    const set = await cli(['budgets', 'zone', 'Europe/Berlin'], { answers: { 'PATCH /api/workspace': [{ body }] } });
    expect([set.out, set.seen[0]]).toMatchObject(['Europe/Berlin', { body: { timeZone: 'Europe/Berlin' } }]);
    expect((await cli(['budgets', 'zone'], { answers: { 'GET /api/workspace': [{ body }] } })).out).toBe(
      'Europe/Berlin',
    );
  });
});

describe('blok prompts', () => {
  const shown = { 'GET /api/prompts/hi': [{ body: PROMPT }] };

  it('lists and shows prompts and their versions', async () => {
    const page = { items: [{ name: 'hi', version: 3, updatedAt: 'now' }], next: 'c2' };
    const list = await cli(['prompts', 'list'], { answers: { 'GET /api/prompts': [{ body: page }] } });
    expect([list.out, list.err]).toEqual([expect.stringMatching(/hi +v3 +now/), 'More: add --cursor c2']);
    const versions = await cli(['prompts', 'versions', 'hi'], {
      answers: { 'GET /api/prompts/hi/versions': [{ body: { items: [PROMPT], next: null } }] },
    });
    expect(versions.out).toMatch(/v3 +2026-11-27\S+ +ada/);
    const one = await cli(['prompts', 'show', 'hi@3'], { answers: shown });
    expect(one.out).toContain('text: Hi ${{ vars.name }}');
    expect(one.seen[0]).toMatchObject({ query: { version: '3' } });
  });

  it('writes a file as a version, and says if nothing is new', async () => {
    const files = { 'hi.yaml': 'messages: [{ role: user, text: Hi }]' };
    const answers = { 'PUT /api/prompts/hi': [{ status: 201, body: PROMPT }] };
    const first = await cli(['prompts', 'set', 'hi', 'hi.yaml', '--message', 'why'], { files, answers });
    expect(first.seen[0]).toMatchObject({ body: { document: files['hi.yaml'], message: 'why' } });
    expect(first.err).toContain('hi v3');
    const again = await cli(['prompts', 'set', 'hi', 'hi.yaml'], {
      files,
      answers: { 'PUT /api/prompts/hi': [{ body: PROMPT }] },
    });
    expect(again.err).toContain('says the same');
  });

  it('tests a prompt, or a file, without asking a model', async () => {
    const passed = await cli(['prompts', 'test', 'hi'], { answers: shown });
    expect([passed.code, passed.out, passed.err]).toEqual([0, '✔ greets\n✔ fails', '2 passed, 0 failed']);
    const files = {
      'p.yaml': 'messages: [{ role: user, text: Hi }]\ntests: [{ name: a, expect: { contains: [Ada] } }]',
    };
    const failed = await cli(['prompts', 'test', 'p.yaml'], { files });
    expect([failed.code, failed.out, failed.seen]).toEqual([1, '✖ a\n  The prompt does not contain "Ada".', []]);
    const broken = await cli(['prompts', 'test', 'p.yaml'], { files: { 'p.yaml': 'messages: 1' } });
    expect([broken.code, broken.err]).toEqual([2, expect.stringContaining('p.yaml:1:')]);
  });

  it('asks a model what a prompt says, if it is told which one', async () => {
    const answers = { ...shown, 'POST /api/runs': [{ body: aRun({ output: 'Hello, Ada!' }) }] };
    const good = await cli(['prompts', 'test', 'hi', '--connection', 'lab', '--model', 'm'], { answers });
    expect(good.code).toBe(0);
    const { graph } = good.seen[1]!.body as { graph: string };
    expect(JSON.parse(graph).nodes.ask).toMatchObject({
      ...{ uses: 'ai.generate', connection: 'lab' },
      with: { model: 'm', prompt: { name: 'hi', version: 3, variables: { name: 'Ada' } } },
    });
    const bad = await cli(['prompts', 'test', 'hi', '--connection', 'lab', '--model', 'm'], {
      answers: { ...shown, 'POST /api/runs': [{ body: aRun({ output: 'Bye' }) }] },
    });
    expect([bad.code, bad.out]).toEqual([1, expect.stringContaining('The answer does not contain "Hello".')]);
    const which = await cli(['prompts', 'test', 'hi', '--connection', 'lab'], { answers: shown });
    expect([which.code, which.err]).toEqual([2, expect.stringContaining('--model')]);
  });
});
