import { describe, expect, it } from 'vitest';
import { aRun, cli, NOW } from './testing/harness.ts';

const PAGE = { items: [], next: null, previous: null };
const list = 'GET /api/runs';

describe('blok runs', () => {
  it('asks for what is to be listed', async () => {
    const argv = ['runs', '--error', 'http.404', '--of-version', '3', '--since', '12h', '--filter', 'mine'];
    const result = await cli(argv, { answers: { [list]: [{ body: PAGE }] } });
    const from = new Date(NOW - 12 * 3_600_000).toISOString();
    expect(result.seen[0]!.query).toEqual({ error: 'http.404', version: '3', from, filter: 'mine', limit: '20' });
  });

  it.each([
    [{ count: 7, exact: true }, '7'],
    [{ count: 5000, exact: false }, 'at least 5000'],
  ])('counts: %o', async (body, out) => {
    const result = await cli(['runs', '--status', 'failed', '--count'], {
      answers: { 'GET /api/runs/count': [{ body }] },
    });
    expect(result).toMatchObject({ code: 0, out });
    expect(result.seen[0]!.query).toEqual({ status: 'failed' });
  });

  it('saves a filter, and none whose time would pass', async () => {
    const path = 'PUT /api/run-filters/broken';
    const result = await cli(['runs', '--status', 'failed', '--save', 'broken'], {
      answers: { [path]: [{ body: {} }] },
    });
    expect(result.seen[0]!.body).toEqual({ filter: { status: 'failed' } });
    expect(result.err).toContain('blok runs --filter broken');
    expect(await cli(['runs', '--since', '1h', '--save', 'x'])).toMatchObject({ code: 2 });
  });

  it('says what a duration looks like', async () => {
    const result = await cli(['runs', '--since', 'yesterday']);
    expect(result.code).toBe(2);
    expect(result.err).toContain('12h');
  });
});

it('blok show says where the steps are that it does not show', async () => {
  const answers = { 'GET /api/runs/r1': [{ body: aRun({ moreSteps: true }) }] };
  expect((await cli(['show', 'r1'], { answers })).out).toContain('… and more steps: GET /api/runs/r1/steps');
  expect(JSON.parse((await cli(['show', 'r1', '--json'], { answers })).out)).toMatchObject({ moreSteps: true });
});

it('blok show --step shows one step', async () => {
  const step = { path: 'each[0].a', attempts: 2 };
  const answers = { 'GET /api/runs/r1/steps/each%5B0%5D.a': [{ body: step }] };
  const result = await cli(['show', 'r1', '--step', 'each[0].a'], { answers });
  expect([result.code, JSON.parse(result.out)]).toEqual([0, step]);
});
