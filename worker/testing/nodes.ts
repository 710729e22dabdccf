/** Node types for tests: effects that fail, take a while or return much, and a record of every call. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { defineNode, type NodeType } from '../../integrations/define.ts';
import { NodeError } from '../../integrations/error.ts';

/** One attempt of a test node. */
export interface TestCall {
  readonly step: string;
  readonly runId: string;
  readonly key: string;
  readonly attempt: number;
  readonly at: number;
  /** Set when the effect of the attempt has happened. */
  done?: boolean;
  /** Set when the attempt was told to stop. */
  stopped?: boolean;
}

/** A fresh set of test nodes, and the calls to them. */
export interface TestNodes {
  readonly nodes: readonly NodeType[];
  readonly calls: TestCall[];
  /** Steps whose effect has happened, in order. */
  readonly done: (runId: string) => string[];
}

const POLICY = {
  version: '1.0.0',
  timeout: '10m',
  retry: { maxAttempts: 3, delay: '50ms', factor: 1, maxDelay: '50ms', attemptTimeout: '1m' },
} as const;

export function testNodes(): TestNodes {
  const calls: TestCall[] = [];
  const note = (ctx: Pick<TestCall, 'step' | 'runId' | 'attempt'> & { idempotencyKey: string }): TestCall => {
    const { step, runId, attempt, idempotencyKey } = ctx;
    const call = { step, runId, attempt, key: idempotencyKey, at: Date.now() };
    calls.push(call);
    return call;
  };
  const value = z.unknown();

  const echo = defineNode({
    type: 'test.echo',
    title: 'Echo',
    description: 'Returns what it is given.',
    effect: 'idempotent',
    ...POLICY,
    input: z.object({ value: value.optional() }),
    output: z.object({ value: value.optional() }),
    examples: [{ title: 'One', with: { value: 1 } }],
    run: (ctx, input) => {
      note(ctx).done = true;
      return Promise.resolve({ value: input.value ?? null });
    },
  });

  const flaky = defineNode({
    type: 'test.flaky',
    title: 'Flaky',
    description: 'Fails a number of attempts, then succeeds.',
    effect: 'idempotent',
    ...POLICY,
    input: z.object({ failures: z.int(), retryAfterMs: z.int().optional(), permanent: z.boolean().default(false) }),
    output: z.object({ attempt: z.int() }),
    examples: [{ title: 'Once', with: { failures: 1 } }],
    run: (ctx, { failures, retryAfterMs, permanent }) => {
      const call = note(ctx);
      if (ctx.attempt <= failures)
        throw new NodeError('test.failed', `Attempt ${ctx.attempt} failed.`, { retryable: !permanent, retryAfterMs });
      call.done = true;
      return Promise.resolve({ attempt: ctx.attempt });
    },
  });

  const queued = defineNode({
    type: 'test.queued',
    title: 'Queued',
    description: 'Returns its input, from the queue of scripts.',
    effect: 'read',
    queue: 'code',
    ...POLICY,
    input: z.object({ value: value.optional() }),
    output: z.object({ value: value.optional() }),
    examples: [{ title: 'A number', with: { value: 1 } }],
    run: (ctx, input) => {
      note(ctx).done = true;
      return Promise.resolve({ value: input.value ?? null });
    },
  });

  const slow = defineNode({
    type: 'test.slow',
    title: 'Slow',
    description: 'Takes a while. Its effect happens at the end, even after a cancel unless it listens.',
    effect: 'at-least-once',
    ...POLICY,
    input: z.object({ ms: z.int(), listens: z.boolean().default(true) }),
    output: z.object({ ms: z.int() }),
    examples: [{ title: 'A moment', with: { ms: 100 } }],
    run: async (ctx, { ms, listens }) => {
      const call = note(ctx);
      ctx.signal.addEventListener('abort', () => {
        call.stopped = true;
      });
      await sleep(ms, undefined, listens ? { signal: ctx.signal } : {});
      call.done = true;
      return { ms };
    },
  });

  const big = defineNode({
    type: 'test.big',
    title: 'Big',
    description: 'Returns a number of kilobytes, with a number to read.',
    effect: 'read',
    ...POLICY,
    input: z.object({ kb: z.int(), n: z.int().default(0) }),
    output: z.object({ n: z.int(), list: z.array(z.int()), text: z.string() }),
    examples: [{ title: 'Some', with: { kb: 100 } }],
    run: (ctx, { kb, n }) => {
      note(ctx).done = true;
      return Promise.resolve({ n, list: [n, n + 1, n + 2], text: 'x'.repeat(kb * 1_024) });
    },
  });

  const numbers = defineNode({
    type: 'test.numbers',
    title: 'Numbers',
    description: 'Returns a number of whole numbers, beginning with 0.',
    effect: 'read',
    ...POLICY,
    input: z.object({ count: z.int() }),
    output: z.object({ list: z.array(z.int()) }),
    examples: [{ title: 'Three', with: { count: 3 } }],
    run: (ctx, input) => {
      note(ctx).done = true;
      return Promise.resolve({ list: Array.from({ length: input.count }, (_, i) => i) });
    },
  });

  const count = defineNode({
    type: 'test.count',
    title: 'Count',
    description: 'Counts the characters of a text or the entries of a list.',
    effect: 'read',
    ...POLICY,
    input: z.object({ of: z.union([z.string(), z.array(z.unknown())]), with: value.optional() }),
    output: z.object({ count: z.int() }),
    examples: [{ title: 'Three', with: { of: 'abc' } }],
    run: (ctx, input) => {
      note(ctx).done = true;
      return Promise.resolve({ count: input.of.length });
    },
  });

  return {
    nodes: [echo, queued, flaky, slow, big, numbers, count] as readonly NodeType[],
    calls,
    done: (runId) => calls.filter((call) => call.runId === runId && call.done).map((call) => call.step),
  };
}
