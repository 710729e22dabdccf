import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { cli } from './testing/harness.ts';

const at = '2026-11-22T01:00:00.000Z';

describe('blok approvals', () => {
  const approval = { run: { id: 'r1', url: 'u' }, workflow: 'pay', step: 'ask', title: 'Pay?', since: at, until: null };

  it('lists what waits for somebody, and how to go on', async () => {
    const answers = { 'GET /api/approvals': [{ body: { items: [approval], next: 'c2' } }] };
    const result = await cli(['approvals', '--workflow', 'pay'], { answers });
    expect(result.out).toMatch(/◷ r1 +pay +ask +\S+ +Pay\?/);
    expect(result.err).toBe('More: add --cursor c2');
    expect(result.seen[0]).toMatchObject({ query: { workflow: 'pay', limit: '20' } });
  });

  it('says if there is none', async () => {
    const result = await cli(['approvals'], {
      answers: { 'GET /api/approvals': [{ body: { items: [], next: null } }] },
    });
    expect(result).toMatchObject({ code: 0, out: '', err: 'No approval waits.' });
  });
});

describe('blok stats', () => {
  it('prints each hour, the whole, and the nodes that matter', async () => {
    const total = { runs: 4, counts: { succeeded: 3, failed: 1 }, successRate: 0.75, p50Ms: 120, p95Ms: 4_000 };
    const node = {
      workflow: 'pay',
      node: 'charge',
      type: 'http.request',
      count: 4,
      failed: 1,
      retries: 2,
      p50Ms: 90,
      p95Ms: 100,
    };
    const body = {
      by: 'hour',
      open: 2,
      total,
      buckets: [{ at, ...total }],
      nodes: { slowest: [node], failing: [node], retried: [] },
    };
    const result = await cli(['stats', 'pay', '--by', 'hour'], { answers: { 'GET /api/stats': [{ body }] } });
    expect(result.out).toMatch(/all +4 +75\.0 % +120 ms +4\.0 s +failed 1/);
    expect(result.out).toMatch(/pay\/charge +http\.request +4 +1 +2 +90 ms/);
    expect(result.err).toBe('Open now: 2.');
    expect(result.seen[0]).toMatchObject({ query: { workflow: 'pay', by: 'hour' } });
  });
});

describe('blok system', () => {
  const due = { count: 0, oldestMs: null };
  const up = {
    temporal: { state: 'ok', version: '1.32.0', ms: 3 },
    postgres: { state: 'ok', version: '18.4', ms: 2 },
    redis: { state: 'none' },
    queues: [{ name: 'blok', of: 'steps', waiting: 7, oldestMs: 2_000, workers: [{}] }],
    work: { openRuns: 5, firings: { count: 1, oldestMs: 800 }, held: due, triggers: due },
    rounds: [{ name: 'reconciling', at, ok: false }],
    machine: { cores: 2, load: 1, memory: { totalBytes: 100, freeBytes: 25 }, disk: null },
  };

  it('prints servers, queues and what waits', async () => {
    const result = await cli(['system'], { answers: { 'GET /api/system': [{ body: up }] } });
    expect(result.code).toBe(0);
    expect(result.out).toMatch(/blok \(steps\) +7 +2\.0 s +1/);
    expect(result.out).toMatch(/events to start runs +1 +800 ms/);
    expect(result.out).toContain('✗ reconciling failed at');
    expect(result.err).toBe('Load 1.0 on 2 cores, memory 25 % free.');
  });

  it('ends with 1 if a server is down', async () => {
    const body = { ...up, temporal: { state: 'down', version: null, ms: null }, queues: null };
    const result = await cli(['system', '--json'], { answers: { 'GET /api/system': [{ body }] } });
    expect([result.code, JSON.parse(result.out)]).toEqual([1, body]);
  });
});

describe('blok follow', () => {
  it('prints what happens, and goes on where it was when the connection breaks', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers['last-event-id'] as string | undefined);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const n = asked.length;
      const data = JSON.stringify({
        kind: 'run.ended',
        at,
        run: `r${n}`,
        workflow: 'w',
        status: 'failed',
        error: 'http.500',
      });
      response.end(`retry: 1000\n\nevent: run.ended\nid: id${n}\ndata: ${data}\n\n: alive\nid: id${n}x\n\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    let sleeps = 0;
    const onSleep = (interrupt: () => void) => {
      if (++sleeps === 2) interrupt();
    };
    const result = await cli(['follow', 'r1', '--topics', 'approvals'], { baseUrl, onSleep });
    server.close();
    expect(result.code).toBe(0);
    expect(result.out.split('\n')).toEqual([
      expect.stringMatching(/run\.ended +r1 +w +failed +error=http\.500/),
      expect.stringMatching(/run\.ended +r2 +w +failed/),
    ]);
    expect(asked).toEqual([undefined, 'id1x']);
    expect(result.err).toContain('The connection was lost.');
  });

  it('says what the server refuses', async () => {
    const answers = { 'GET /api/stream': [{ status: 400, body: { code: 'request.invalid', detail: 'not a topic' } }] };
    const result = await cli(['follow', '--topics', 'x'], { answers });
    expect([result.code, result.err]).toEqual([2, expect.stringContaining('not a topic')]);
  });
});
