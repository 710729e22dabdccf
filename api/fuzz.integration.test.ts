/**
 * Requests drawn from the description of the API: no answer is a failure of the server, none takes long, and each is as
 * the description says. `BLOK_REQUESTS=50000` sends more.
 */
import { expect, inject, it } from 'vitest';
import { drawFrom } from '../workflows/testing/draw.ts';
import { openapiDocument } from './openapi/document.ts';
import { routes } from './routes.ts';
import { graphOf, useApi } from './testing/api.ts';
import { answerChecker } from './testing/fuzz/check-answer.ts';
import { type DrawnRequest, drawOperation, drawRequest, operationsOf } from './testing/fuzz/draw-request.ts';
import type { Pool, Schema } from './testing/fuzz/draw-value.ts';

const REQUESTS = Number(process.env.BLOK_REQUESTS ?? 1_500);
/** What there is to ask about is made anew after so many requests, because some of them delete it. */
const ANEW_EVERY = 250;

const api = useApi();
const document = openapiDocument(routes, { version: '1.0.0' });

const GRAPHS = [
  graphOf('fuzzed'),
  graphOf('fuzzed', { nodes: { w: { uses: 'wait', with: { for: '1h' } } }, output: null }),
  graphOf('fuzzed', { triggers: { hook: { uses: 'webhook', with: { verify: 'none' } }, form: { uses: 'form' } } }),
  'blok: 1\nname: fuzzed\nnodes: { a: { uses: set, with: { value: 1 } } }\noutput: "${{ nodes.a }}"',
  'blok: 1\nname: fuzzed\nnodes: { a: { uses: nothing.atAll } }',
  'not: [a graph',
];

/** Makes workflows, runs and other things, and says by which words they are known. */
async function prepare(round: number): Promise<Pick<Pool, 'words' | 'known'>> {
  for (const name of ['fuzzed', 'other']) await api.put(`/api/workflows/${name}`, { graph: graphOf(name) });
  await api.put('/api/vars/percent', { value: 5 });
  await api.put('/api/connections/conn', { type: 'token', data: { token: 'secret-1' } });
  const started = await api.post('/api/workflows/fuzzed/runs', { input: { n: 1 } });
  const waiting = await api.post('/api/runs', { graph: GRAPHS[1], input: {} });
  const inline = await api.post('/api/runs', { graph: GRAPHS[3] });
  const runs = [started, waiting, inline].flatMap(({ body }) => (body?.id as string | undefined) ?? []);
  for (const run of api.runs().all.values())
    run.view ??= { runId: run.start.input.runId, status: 'running', steps: [], waits: [] };
  const words = [
    'a',
    'fuzzed',
    'other',
    'percent',
    'conn',
    'w',
    'hook',
    'form',
    `k${round}`,
    'rnothing',
    '1',
    '50',
    'true',
  ];
  const more = ['2026-01-01T00:00:00.000Z', '90s', 'http.404', 'approved', 'each[3].charge', 'kv.set', ...runs];
  return {
    words: [...words, ...more],
    known: {
      id: [...runs, 'rnone'],
      with: runs,
      graph: GRAPHS,
      name: ['fuzzed', 'other', 'percent', 'conn', 'none'],
      step: ['a', 'w', 'nowhere', 'each[1].x'],
      type: ['token', 'smtp', 'none'],
    },
  };
}

/** A request and what is wrong with its answer, short enough to be read. */
const shown = ({ operation, path, init }: DrawnRequest, problem: string): string =>
  `${operation.id}: ${problem}\n    ${init.method} ${path.slice(0, 200)} ${(init.body ?? '').slice(0, 300)}`;

it(`answers ${REQUESTS} drawn requests as its description says`, { timeout: 3_600_000 }, async () => {
  const draw = drawFrom(inject('seed'));
  const check = answerChecker(document);
  const operations = operationsOf(document);
  const resolve = (ref: string): Schema =>
    ref
      .slice(2)
      .split('/')
      .reduce((at: never, part) => at[part], document as never);
  const problems = new Map<string, string>();
  const served = new Set<string>();
  let pool: Pool | undefined;
  for (let n = 0; n < REQUESTS; n++) {
    if (n % ANEW_EVERY === 0 || !pool) pool = { draw, resolve, ...(await prepare(n)) };
    const request = drawRequest(pool, drawOperation(draw, operations));
    const began = performance.now();
    const answer = await api.app().request(request.path, request.init, { incoming: { complete: true } });
    if (answer.status < 300) served.add(request.operation.id);
    const problem = await check(request, answer, performance.now() - began);
    const kind = problem && `${request.operation.id} ${problem.slice(0, 60)}`;
    if (problem && kind && !problems.has(kind)) problems.set(kind, shown(request, problem));
  }
  expect([...problems.values()].join('\n')).toBe('');
  // Most requests are as they should be: refusing all of them would prove little.
  expect(served.size).toBeGreaterThan(operations.length / 3);
});
