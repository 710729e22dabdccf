import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { mintResumeToken, saveResumeToken } from '../../db/index.ts';
import { runRecord, stepRecord } from '../../db/testing/records.ts';
import type { StepRecord } from '../../graph/run-state/state/types.ts';
import type { WaitRecord } from '../../workflows/contract.ts';
import { graphOf, KEYRING, useApi } from '../testing/api.ts';

const api = useApi();
const since = '2026-01-01T00:00:00.000Z';

/** A run that waits, and the link its `notify` gave out. */
const link = async (name: string, wait: Partial<WaitRecord>, expiresAt = '2999-01-01T00:00:00.000Z') => {
  const { body } = await api.post('/api/runs', { graph: graphOf(name), input: { n: 1 } });
  const run = api.runs().last();
  const waits = [{ step: 'ask', kind: 'approval', since, until: null, key: null, ...wait } as WaitRecord];
  await api.record(
    runRecord({ runId: body.id, workflowId: run.start.workflowId, historyLength: 5, status: 'waiting', waits }),
  );
  const claim = { workspace: 'a', runId: body.id as string, step: 'ask', expiresAt };
  const { token, hash } = mintResumeToken(KEYRING, claim);
  await api.store.inside((tx) => saveResumeToken(tx, { hash, runId: claim.runId, step: 'ask', expiresAt }));
  return { run, path: `/api/resume/${token}`, token };
};
const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };

describe('a link of notify', () => {
  it('shows what it decides, and decides nothing when it is only opened', async () => {
    const { run, path } = await link('show', { detail: { title: '<b>Pay</b> & go?', message: '100 €' } });
    const page = await api.get(path);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/text\/html/);
    expect(page.text).toContain('&#60;b&#62;Pay&#60;/b&#62; &#38; go?');
    expect(page.text).not.toContain('<b>');
    expect(page.text).toContain('value="approved"');
    expect(page.text).toContain('value="rejected"');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(run.approvals).toEqual([]);
  });

  it('decides once, from the page’s form', async () => {
    const { run, path } = await link('form', {});
    const done = await api.post(path, 'decision=rejected&comment=no', form);
    expect(done).toMatchObject({ status: 200, text: expect.stringContaining('Thank you') });
    expect(run.approvals).toMatchObject([
      { step: 'ask', decision: 'rejected', by: 'link', comment: 'no', updateId: expect.any(String) },
    ]);
    expect(await api.post(path, { decision: 'approved' })).toMatchObject({ status: 410, body: { code: 'link.used' } });
    expect(await api.get(path, { accept: 'text/html' })).toMatchObject({
      status: 410,
      text: expect.stringContaining('works once'),
    });
    expect(run.approvals).toHaveLength(1);
  });

  it.each([
    ['approved', 'rejected'],
    ['rejected', 'approved'],
  ])('takes %s and refuses %s if both arrive at once', async (first, second) => {
    const { run, path } = await link(`race-${first}`, {});
    const both = await Promise.all([first, second].map((decision) => api.post(path, { decision })));
    const told = both.filter(({ status }) => status === 200);
    expect(told).toHaveLength(1);
    expect(run.approvals).toMatchObject([{ decision: [first, second][both.indexOf(told[0]!)] }]);
    expect(both.find((answer) => answer !== told[0])).toMatchObject({ status: expect.toBeOneOf([409, 410]) });
  });

  it('tells apart decisions that differ only in their comment or values', async () => {
    const { run, path } = await link('alike', {});
    const answers = [{ values: { n: 1 } }, { values: { n: 2 } }, { values: { n: 1 }, comment: 'so' }];
    const told = await Promise.all(answers.map((more) => api.post(path, { decision: 'approved', ...more })));
    expect(told.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(run.approvals).toHaveLength(1);
  });

  it('takes values as JSON, checked against the form', async () => {
    const { run, path } = await link('values', { detail: { form: { type: 'object', required: ['n'] } } });
    expect(await api.post(path, { decision: 'approved' })).toMatchObject({
      status: 422,
      body: { code: 'approval.values' },
    });
    expect(await api.post(path, {})).toMatchObject({ status: 400 });
    expect(await api.post(path, { decision: 'approved', values: { n: 1 } })).toMatchObject({
      status: 200,
      body: { step: 'ask' },
    });
    expect(run.approvals).toMatchObject([{ values: { n: 1 } }]);
  });

  it.each([
    ['a name that changes all objects', '{"data":{"__proto__":{"polluted":1}}}'],
    ['a number that would be changed', '{"data":12345678901234567890}'],
    ['what nests too deep', `{"data":${'['.repeat(200)}${']'.repeat(200)}}`],
  ])('takes no JSON with %s', async (_, text) => {
    const { run, path } = await link(`hostile-${text.length}`, { kind: 'event', event: 'signed', key: 'k' });
    expect(await api.post(path, text)).toMatchObject({ status: 400, body: { code: 'body.invalid' } });
    expect(run.told).toEqual([]);
    expect((await api.post(path, '')).status).toBe(200);
  });

  it('ends an event wait with data', async () => {
    const { run, path } = await link('event', { kind: 'event', event: 'signed', key: 'k' });
    expect((await api.get(path)).text).toContain('Continue: signed');
    expect(await api.post(path, { data: { ok: true } })).toMatchObject({ status: 200 });
    expect(run.told).toMatchObject([{ name: 'signed', data: { ok: true }, step: 'ask' }]);
  });

  it('takes one of two answers to an event wait', async () => {
    const { run, path } = await link('event-race', { kind: 'event', event: 'signed', key: 'k' });
    const both = await Promise.all([1, 2].map((data) => api.post(path, { data })));
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(run.told).toHaveLength(1);
  });

  it.each([
    ['cancelled', 'The run was cancelled.'],
    ['terminated', 'The run was terminated.'],
    ['timed-out', 'The run took longer than it may, and was ended.'],
    ['failed', 'The run has failed.'],
  ] as const)('says what became of a run that is %s, not that it was used', async (status, words) => {
    const { run, path } = await link(`over-${status}`, {});
    const { workflowId, input } = run.start;
    const steps = [stepRecord({ path: 'ask', type: 'approval', status: 'cancelled', output: null })];
    await api.record(runRecord({ runId: input.runId, workflowId, historyLength: 9, status, endedAt: since, steps }));
    for (const answer of [
      await api.get(path, { accept: 'application/json' }),
      await api.post(path, { decision: 'approved' }),
    ])
      expect(answer).toMatchObject({
        status: 410,
        body: { code: 'link.over', detail: `Nothing waits for this link any more. ${words}` },
      });
    expect((await api.get(path, { accept: 'text/html' })).text).toContain(words);
    expect(run.approvals).toEqual([]);
  });

  it('says so before the end of the run is written', async () => {
    const { run, path } = await link('unwritten', {});
    run.outcome = { status: 'terminated', output: null };
    expect(await api.post(path, { decision: 'approved' })).toMatchObject({
      status: 410,
      body: { code: 'link.over', detail: expect.stringContaining('The run was terminated.') },
    });
  });

  it('does not ask a run that has written its end while the link was read', async () => {
    const { run, path } = await link('ending', {});
    const { workflowId, input } = run.start;
    const end = { status: 'succeeded', endedAt: '2026-01-01T00:00:09.000Z', historyLength: 9 } as const;
    const steps = [stepRecord({ path: 'ask', type: 'approval', output: { decision: 'rejected' } })];
    const { describe: known } = api.runs();
    // To Temporal the run is open until its last task is answered, and no worker is free to be asked.
    api.runs().describe = async (id) => {
      await api.record(runRecord({ runId: input.runId, workflowId, steps, ...end }));
      return known(id);
    };
    const answer = await api.post(path, { decision: 'approved' });
    api.runs().describe = known;
    expect(answer).toMatchObject({
      status: 410,
      body: { code: 'link.over', detail: expect.stringContaining('It was decided already: rejected.') },
    });
  });

  it.each([
    [{ status: 'succeeded', output: { decision: 'rejected', by: 'ann' } }, 'It was decided already: rejected.'],
    [{ status: 'failed', error: { code: 'timeout' } }, 'Its time was over.'],
    [{ status: 'cancelled' }, 'It was called off: the run goes on without it.'],
  ])('says what became of the wait of a run that goes on: %o', async (end, words) => {
    const { run, path } = await link(`gone-${words.length}`, {});
    const { workflowId, input } = run.start;
    const step = stepRecord({ path: 'ask', type: 'approval', output: null, ...end } as Partial<StepRecord>);
    await api.record(runRecord({ runId: input.runId, workflowId, historyLength: 9, status: 'running', steps: [step] }));
    run.view = { runId: input.runId, status: 'running', steps: [], waits: [] };
    expect(await api.post(path, { decision: 'approved' })).toMatchObject({
      status: 410,
      body: { detail: `Nothing waits for this link any more. ${words}` },
    });
  });

  it('is refused when altered, unknown, expired, of another workspace, or when nothing waits', async () => {
    const { path, token, run } = await link('refused', {});
    const forged = `${Buffer.from(JSON.stringify(['a', run.start.input.runId, 'other', '2999-01-01T00:00:00.000Z'])).toString('base64url')}.${token.split('.')[1]}`;
    expect((await api.get(`/api/resume/${forged}`)).status).toBe(404);
    expect((await api.get('/api/resume/x.y')).status).toBe(404);
    const { token: unsaved } = mintResumeToken(KEYRING, { workspace: 'a', runId: 'r1', step: 's', expiresAt: since });
    expect((await api.get(`/api/resume/${unsaved}`)).status).toBe(404);
    expect((await api.appOf('b').request(path)).status).toBe(404);
    const old = await link('old', {}, '2020-01-01T00:00:00.000Z');
    expect((await api.get(old.path)).status).toBe(410);
    await api.record(
      runRecord({
        runId: run.start.input.runId,
        workflowId: run.start.workflowId,
        historyLength: 9,
        status: 'succeeded',
        endedAt: since,
      }),
    );
    expect((await api.get(path)).status).toBe(410);
  });

  it('decides what is signed in it, whatever its row or the row of its run was changed to', async () => {
    const { path, run } = await link('pointed', {});
    const other = await link('elsewhere', {});
    const { input, workflowId } = run.start;
    await api.store.inside((tx) =>
      tx.db.execute(sql`update resume_token set run_id = ${other.run.start.input.runId} where run_id = ${input.runId}`),
    );
    expect(await api.post(path, { decision: 'approved' })).toMatchObject({ status: 200, body: { run: input.runId } });
    expect([run.approvals.length, other.run.approvals.length]).toEqual([1, 0]);
    await api.store.inside((tx) =>
      tx.db.execute(sql`update run set workflow_id = ${workflowId} where id = ${other.run.start.input.runId}`),
    );
    expect(await api.post(other.path, { decision: 'approved' })).toMatchObject({ status: 404 });
    expect([run.approvals.length, other.run.approvals.length]).toEqual([1, 0]);
  });

  it('appears in no log line', async () => {
    const { path, token } = await link('logged', {});
    await api.get(path);
    await api.post(path, { decision: 'approved' });
    expect(api.logged.join('')).not.toContain(token.split('.')[1]);
  });
});
