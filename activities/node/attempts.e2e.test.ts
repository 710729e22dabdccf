/** What the attempts of a step know of each other, with the real Temporal and the real database between them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { defineNode, type NodeType } from '../../integrations/define.ts';
import { NodeError } from '../../integrations/error.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { resultOf, startTestWorker, type TestWorker } from '../../worker/testing/worker.ts';

interface Seen {
  readonly attempt: number;
  readonly lookBefore: boolean;
  readonly cell: number | null;
}

/** Notes what each of its attempts knows, writes its number into the cell, and fails as it is told. */
function forgetful(seen: Map<string, Seen[]>): NodeType {
  return defineNode({
    type: 'test.forgetful',
    version: '1.0.0',
    title: 'Forgetful',
    description: 'Fails a number of attempts, each in its own way.',
    effect: 'at-least-once',
    timeout: '10m',
    retry: { maxAttempts: 10, delay: '100ms', factor: 1, maxDelay: '100ms', attemptTimeout: '1m' },
    input: z.strictObject({ failures: z.array(z.enum(['known', 'unknown'])) }),
    output: z.strictObject({ attempts: z.int() }),
    examples: [{ title: 'Once', with: { failures: ['known'] } }],
    run: async (ctx, { failures }) => {
      const cell = ctx.cell<number>();
      const { step, attempt, lookBefore } = ctx;
      seen.set(step, [...(seen.get(step) ?? []), { attempt, lookBefore, cell: await cell.read() }]);
      await cell.write(attempt);
      const failure = failures[attempt - 1];
      if (!failure) return { attempts: attempt };
      throw new NodeError(`test.${failure}`, 'no', { retryable: true, unknown: failure === 'unknown' });
    },
  });
}

/** Waits until it has looked often enough. */
function patient(looks: Map<string, number[]>): NodeType {
  return defineNode({
    type: 'test.patient',
    version: '1.0.0',
    title: 'Patient',
    description: 'Looks a number of times.',
    effect: 'read',
    timeout: '10s',
    retry: { maxAttempts: 2, delay: '100ms', factor: 1, maxDelay: '100ms', attemptTimeout: '5s' },
    input: z.strictObject({ looks: z.int(), everyMs: z.int() }),
    output: z.strictObject({ attempt: z.int() }),
    examples: [{ title: 'Twice', with: { looks: 2, everyMs: 10 } }],
    run: async ({ step, attempt }, { looks: enough, everyMs }) => {
      const at = [...(looks.get(step) ?? []), performance.now()];
      looks.set(step, at);
      if (at.length < enough) throw new NodeError('test.waits', 'not yet', { waits: true, retryAfterMs: everyMs });
      return { attempt };
    },
  });
}

describeWith(['temporal'], 'the attempts of a step', () => {
  let test: TestWorker;
  const seen = new Map<string, Seen[]>();
  const looks = new Map<string, number[]>();
  beforeAll(async () => {
    test = await startTestWorker({ nodes: [forgetful(seen), patient(looks)] });
  });
  afterAll(() => test.dispose());

  it('share its cell, and look before they act only if an earlier one may have had its effect', async () => {
    const step = (...failures: string[]) => ({ uses: 'test.forgetful', with: { failures } });
    const handle = await test.start(
      JSON.stringify({
        blok: 1,
        name: 'forgetful',
        nodes: { harmless: step('known', 'known'), doubtful: step('known', 'unknown', 'known') },
        output: '${{ [nodes.harmless.attempts, nodes.doubtful.attempts] }}',
      }),
    );
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded', output: [3, 4] });
    expect(seen.get('harmless')).toEqual([
      { attempt: 1, lookBefore: false, cell: null },
      { attempt: 2, lookBefore: false, cell: 1 },
      { attempt: 3, lookBefore: false, cell: 2 },
    ]);
    expect(seen.get('doubtful')?.map(({ lookBefore }) => lookBefore)).toEqual([false, false, true, true]);
  });

  it('are not used up by a step that only waits, in Temporal and in the run, and time of waiting is no timeout', async () => {
    const step = (often: number, everyMs: number) => ({ uses: 'test.patient', with: { looks: often, everyMs } });
    const handle = await test.start(
      JSON.stringify({
        blok: 1,
        name: 'patient',
        nodes: { soon: step(7, 50), late: { ...step(3, 1_500), timeout: '2s' } },
        output: '${{ [nodes.soon.attempt, nodes.late.attempt] }}',
      }),
    );
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded', output: [1, 1] });
    expect(looks.get('soon')).toHaveLength(7);
    const [first = 0, second = 0] = looks.get('late') ?? [];
    expect(second - first).toBeGreaterThan(1_450);
  });
});
