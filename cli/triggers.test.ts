import { describe, expect, it } from 'vitest';
import { cli } from './testing/harness.ts';

const tick = {
  ...{ workflow: 'report', id: 'tick', uses: 'schedule', state: 'active', reason: null, note: null, address: null },
  ...{ lastFiredAt: null, lastError: null, nextTimes: ['2026-11-22T01:00:00.000Z'] },
  last24Hours: { seen: 3, started: 2, held: 0, declined: 1, refused: 0, duplicate: 0, dropped: 1 },
};

describe('blok triggers, trigger and switch', () => {
  it('list triggers, with what a line has no room for below', async () => {
    const failed = { ...tick, id: 'in', uses: 'webhook', state: 'failed', reason: 'No connection.', nextTimes: [] };
    const result = await cli(['triggers', 'report'], {
      answers: { 'GET /api/workflows/report/triggers': [{ body: { items: [tick, failed] } }] },
    });
    expect(result.code).toBe(0);
    expect(result.out).toContain('✔ report    tick     schedule  active  2026-11-22T01:00:00.000Z');
    expect(result.out).toContain('2 started, 1 declined, 1 dropped');
    expect(result.out).toContain('report in: No connection.');
  });

  it('say what to do if there are none', async () => {
    const result = await cli(['triggers'], { answers: { 'GET /api/triggers': [{ body: { items: [] } }] } });
    expect(result).toMatchObject({ code: 0, out: '' });
    expect(result.err).toContain('blok publish');
  });

  it('fire a trigger with data, again if the connection breaks, under the same key', async () => {
    const path = 'POST /api/workflows/report/triggers/in/fire';
    const body = { outcome: 'started', run: { id: 'r1', url: 'http://x/api/runs/r1' } };
    const result = await cli(['trigger', 'fire', 'report', 'in', '--data', '@body.json'], {
      files: { 'body.json': '{"n":1}' },
      answers: { [path]: [{ hangUp: true }, { status: 202, body }] },
    });
    expect(result).toMatchObject({ code: 0, out: '✔ in has started r1 (blok show r1)' });
    expect(result.seen.map((one) => one.body)).toEqual([{ data: { n: 1 } }, { data: { n: 1 } }]);
    expect(new Set(result.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('fire a trigger that is held, and say until when', async () => {
    const body = { outcome: 'held', run: null, held: { group: 'g', dueAt: '2026-11-22T01:00:00.000Z' } };
    const path = 'POST /api/workflows/report/triggers/in/fire';
    const result = await cli(['trigger', 'fire', 'report', 'in'], { answers: { [path]: [{ status: 202, body }] } });
    expect(result.out).toBe('✔ in is held until 2026-11-22T01:00:00.000Z, then a run begins (blok queue report)');
  });

  it('list what a watch could not read, and forget it', async () => {
    const path = '/api/workflows/report/triggers/in/dead-letters';
    const letter = { key: '5sig', where: 'slot 7', reason: 'It is garbled.', at: '2026-11-22T01:00:00.000Z' };
    const answers = {
      [`GET ${path}`]: [{ body: { items: [letter], next: null } }],
      [`DELETE ${path}`]: [{ body: { forgotten: 1 } }],
      'GET /api/workflows/report/triggers': [{ body: { items: [{ ...tick, id: 'in', deadLetters: 1 }] } }],
    };
    const listed = await cli(['trigger', 'dead-letters', 'report', 'in'], { answers });
    expect(listed).toMatchObject({ code: 0, out: '2026-11-22T01:00:00.000Z  5sig  slot 7: It is garbled.' });
    expect((await cli(['triggers', 'report'], { answers })).out).toContain('could not read 1 items');
    const forgotten = await cli(['trigger', 'dead-letters', 'report', 'in', '--forget'], { answers });
    expect(forgotten).toMatchObject({ code: 0, out: '✔ 1 forgotten' });
  });

  it('pause, resume and backfill a trigger', async () => {
    const answers = {
      'PUT /api/workflows/report/triggers/tick/active': [{ body: { ...tick, state: 'off', note: 'holidays' } }],
      'POST /api/workflows/report/triggers/tick/backfill': [{ status: 202, body: { count: 2, first: 'a', last: 'b' } }],
    };
    const paused = await cli(['trigger', 'pause', 'report', 'tick', '--note', 'holidays'], { answers });
    expect(paused.out).toContain('report tick is off: holidays');
    expect(paused.seen[0]!.body).toEqual({ active: false, note: 'holidays' });
    const resumed = await cli(['trigger', 'resume', 'report', 'tick', '--json'], { answers });
    expect(resumed.seen[0]!.body).toEqual({ active: true });
    const filled = await cli(['trigger', 'backfill', 'report', 'tick', '--from', 'x', '--to', 'y'], { answers });
    expect(filled).toMatchObject({ code: 0, out: '✔ tick fires for 2 times, from a to b' });
    expect((await cli(['trigger', 'backfill', 'report', 'tick', '--from', 'x'])).code).toBe(2);
  });

  it('switch a workflow on and off, and nothing else', async () => {
    const answers = {
      'PUT /api/workflows/report/active': [{ body: { name: 'report', active: false, triggers: [tick] } }],
    };
    const off = await cli(['switch', 'report', 'off'], { answers });
    expect(off.out).toContain('✔ report is off');
    expect(off.seen[0]!.body).toEqual({ active: false });
    expect(await cli(['switch', 'report', 'maybe'])).toMatchObject({ code: 2 });
  });
});

describe('blok trigger capture', () => {
  const path = '/api/workflows/report/triggers/in/capture';
  const call = (seq: number, more: object = {}) => ({
    ...{ seq, at: '2026-11-21T10:00:00.000Z', verified: true, problem: null, method: 'POST', path: '/a', params: {} },
    ...{ query: { x: '1' }, headers: { 'x-own': 'yes' }, body: { n: seq }, leftOutBytes: null, ...more },
  });
  const capture = (calls: object[], open = true) => ({
    ...{ open, next: 2, instead: false, expiresAt: '2026-11-21T10:10:00.000Z', address: 'http://x/hooks/t', calls },
  });

  it('prints each call as it comes, and writes it to a file', async () => {
    const refused = call(2, { verified: false, problem: 'This request cannot be shown to come from …' });
    const result = await cli(['trigger', 'capture', 'report', 'in', '--next', '2', '--save', 'a.b/order.json'], {
      answers: {
        [`POST ${path}`]: [{ status: 201, body: capture([]) }],
        [`GET ${path}`]: [{ body: capture([call(1)]) }, { body: capture([call(1), refused], false) }],
        [`GET ${path}/1`]: [{ body: { value: { n: 1 } } }],
        [`GET ${path}/2`]: [{ body: { value: { n: 2 } } }],
      },
    });
    expect(result.code).toBe(0);
    expect(result.err).toContain('Waiting for 2 calls at http://x/hooks/t');
    expect(result.out).toContain('1. POST …/a?x=1  ✔ verified\n   x-own: yes');
    expect(result.out).toContain('2. POST …/a?x=1  ✖ not verified: it starts nothing\n   This request');
    expect(result.written).toEqual({ 'a.b/order-1.json': '{\n  "n": 1\n}\n', 'a.b/order-2.json': '{\n  "n": 2\n}\n' });
    expect(result.seen[0]).toMatchObject({ query: { next: '2', instead: 'false' } });
  });

  it('waits on after calls that were refused, and prints each once, whatever their order', async () => {
    const refused = [call(21, { problem: 'no' }), call(22, { problem: 'no' })];
    const result = await cli(['trigger', 'capture', 'report', 'in', '--next', '2'], {
      answers: {
        [`POST ${path}`]: [{ status: 201, body: capture([]) }],
        [`GET ${path}`]: [
          { body: capture([...refused]) },
          { body: capture([call(2), ...refused]) },
          { body: capture([call(1), call(2), ...refused], false) },
        ],
      },
    });
    expect(result.code).toBe(0);
    expect([...result.out.matchAll(/^(\d+)\. POST/gm)].map(([, seq]) => seq)).toEqual(['21', '22', '2', '1']);
  });

  it('ends the capture if it is interrupted, and says so if too few calls came', async () => {
    const answers = {
      [`POST ${path}`]: [{ status: 201, body: capture([]) }],
      [`GET ${path}`]: [{ body: capture([]) }],
      [`DELETE ${path}`]: [{ body: { deleted: true } }],
    };
    const args = ['trigger', 'capture', 'report', 'in', '--next', '2', '--instead'];
    const left = await cli(args, { answers, onSleep: (interrupt) => interrupt() });
    expect(left.code).toBe(130);
    expect(left.seen.at(-1)).toMatchObject({ method: 'DELETE' });
    const ended = await cli(args, { answers: { ...answers, [`GET ${path}`]: [{ body: capture([call(1)], false) }] } });
    expect(ended.code).toBe(1);
    expect(ended.err).toContain('Only 1 of 2 calls came');
  });
});

it('blok trigger link makes a link that opens a form once', async () => {
  const body = { url: 'http://x/forms/t?link=l', expiresAt: '2026-11-22T10:00:00.000Z' };
  const result = await cli(['trigger', 'link', 'ask', 'form', '--expires-in', '1d'], {
    answers: { 'POST /api/workflows/ask/triggers/form/links': [{ status: 201, body }] },
  });
  expect(result).toMatchObject({ code: 0, out: body.url });
  expect(result.seen[0]!.body).toEqual({ expiresIn: '1d' });
});

it('a dry run takes what a trigger holds as a pin', async () => {
  const graph = (input: string) => `
blok: 1
name: x
triggers: { in: { uses: webhook, with: { verify: none } }, other: { uses: event, with: { event: e } } }
nodes: { say: { uses: set, with: { value: "${input}" } } }
output: "\${{ nodes.say }}"
`;
  const files = {
    'g.yaml': graph('${{ trigger.headers.a }} ${{ input.n }}'),
    'p.json': '{"headers":{"a":"b"},"body":{"n":7}}',
  };
  const pinned = await cli(['run', 'g.yaml', '--dry', '--pin', 'in=@p.json', '--json'], { files });
  expect(JSON.parse(pinned.out)).toMatchObject({ status: 'succeeded', output: 'b 7' });
  const wrong = await cli(['run', 'g.yaml', '--dry', '--pin', 'in=@p.json', '--trigger', 'other'], { files });
  expect(wrong).toMatchObject({ code: 2 });
  expect((await cli(['run', 'g.yaml', '--dry', '--pin', 'in=[]'], { files })).err).toContain('must be an object');
});
