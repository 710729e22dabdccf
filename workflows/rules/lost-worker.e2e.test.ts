/**
 * An attempt that gives no sign of life is lost with its worker: what that says about the step, and what it does not
 * say.
 */
import { ApplicationFailure, Context } from '@temporalio/activity';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../scripts/testing/needs.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { resultOf, startTestWorker, type TestWorker } from '../../worker/testing/worker.ts';
import type { EffectRequest } from '../contract.ts';

describeWith(['temporal'], 'an attempt whose worker is lost', () => {
  let test: TestWorker;
  const tries: string[] = [];
  let letGo: () => void;
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });

  /** Is lost in the attempts that its value names, and fails in the others. */
  const flaky = async (request: EffectRequest): Promise<never> => {
    const attempt = (request.attemptsBefore ?? 0) + Context.current().info.attempt;
    tries.push(`${request.step} ${attempt}`);
    if ((request.with as { value: number[] }).value.includes(attempt)) await gone;
    throw ApplicationFailure.retryable('busy', 'http.503');
  };

  beforeAll(async () => {
    test = await startTestWorker({ nodes: testNodes().nodes, activities: { 'test.echo': flaky } });
  });
  afterAll(async () => {
    letGo();
    await test.dispose();
  });

  it('is not final, except for a step that loses every attempt, or may not be repeated', async () => {
    const step = (lost: number[], retry: object) => ({
      uses: 'test.echo',
      onError: 'continue',
      with: { value: lost },
      retry: { attemptTimeout: '20s', delay: '100ms', ...retry },
    });
    const handle = await test.start(
      JSON.stringify({
        blok: 1,
        name: 'lost',
        nodes: {
          answered: step([2], { maxAttempts: 2 }),
          unlucky: step([2, 3], { maxAttempts: 2 }),
          once: step([1], { maxAttempts: 1 }),
          told: step([1], { maxAttempts: 5, giveUpOn: ['timeout'] }),
        },
        output: ['answered', 'unlucky', 'once', 'told'].map(
          (id) => `\${{ [errors.${id}?.code, errors.${id}?.attempts] }}`,
        ),
      }),
    );
    expect(await resultOf(handle)).toMatchObject({
      status: 'succeeded',
      output: [
        ['http.503', 3],
        ['timeout', 3],
        ['timeout', 1],
        ['timeout', 1],
      ],
    });
    expect(tries.toSorted()).toEqual([
      'answered 1',
      'answered 2',
      'answered 3',
      'once 1',
      'told 1',
      'unlucky 1',
      'unlucky 2',
      'unlucky 3',
    ]);
  });
});
