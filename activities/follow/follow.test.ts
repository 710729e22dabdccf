import { ApplicationFailure, type Context } from '@temporalio/activity';
import { describe, expect, it } from 'vitest';
import type { NotedChange } from '../../db/index.ts';
import { reportSteps } from './interceptor.ts';

const request = {
  step: 'each[1].pay',
  type: 'http.request',
  workspace: 'a',
  workflow: 'w',
  runId: 'r1',
  attemptsBefore: 2,
};

async function told(work: () => Promise<unknown>, input: unknown = request, isFollowed = true) {
  const changes: NotedChange[] = [];
  const reporter = {
    isFollowed: (workspace: string, runId: string) => isFollowed && workspace === 'a' && runId === 'r1',
    report: (_workspace: string, change: NotedChange) => void changes.push(change),
    close: async () => undefined,
  };
  const { inbound } = reportSteps(reporter)({ info: { attempt: 1 } } as Context);
  const outcome = await inbound!.execute!({ args: [input], headers: {} }, work).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return { outcome, kinds: changes.map(({ kind }) => kind), changes };
}

describe('those who follow a run', () => {
  it('are told that a step begins and ends, with its place and attempt', async () => {
    const { outcome, kinds, changes } = await told(async () => ({ output: 1 }));
    expect([outcome, kinds]).toEqual([{ value: { output: 1 } }, ['step.started', 'step.ended']]);
    expect(changes[0]).toEqual({
      ...{ kind: 'step.started', runId: 'r1', workflow: 'w', step: 'each[1].pay' },
      detail: { type: 'http.request', attempt: 3 },
    });
  });

  it('are told that an attempt failed and why, without its message', async () => {
    const failure = ApplicationFailure.create({ message: 'secret', type: 'http.500' });
    const { outcome, changes } = await told(() => Promise.reject(failure));
    expect(outcome).toEqual({ error: failure });
    expect(changes[1]).toMatchObject({ kind: 'step.failed', detail: { error: 'http.500' } });
    expect(JSON.stringify(changes)).not.toContain('secret');
  });

  it('are told nothing of a step that was handed back, of the interpreter’s own activities, and of other runs', async () => {
    expect((await told(async () => ({ handedBack: true }))).kinds).toEqual(['step.started']);
    expect((await told(async () => 1, { workspace: 'a', runId: 'r1' })).kinds).toEqual([]);
    expect((await told(async () => 1, request, false)).kinds).toEqual([]);
  });
});
