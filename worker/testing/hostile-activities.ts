/** Steps that end their process, and steps beside them: for tests of a worker in a process of its own. */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { keepAlive } from '../../activities/base/heartbeat.ts';
import type { EffectRequest, EffectResult } from '../../workflows/contract.ts';

const KILLS = {
  /** As the kernel does when memory runs out. */
  kill: (): void => process.kill(process.pid, 'SIGKILL') as never,
  /** As native code does. */
  abort: (): void => process.abort(),
  heap: (): void => {
    const kept: unknown[] = [];
    for (;;) kept.push(new Array(1_000_000).fill(kept.length + 0.5));
  },
};

/** `test.killer` ends its process a second after it has begun; `test.neighbour` takes a while. Both note each attempt. */
export const hostileActivities = (notes: string) => {
  const note = ({ step, runId }: EffectRequest): void =>
    appendFileSync(notes, `${runId} ${step} ${Context.current().info.attempt} ${process.pid}\n`);
  const whileAlive = async (request: EffectRequest, work: () => Promise<void>): Promise<EffectResult> => {
    const stop = keepAlive();
    note(request);
    await work().finally(stop);
    return { output: 'done', meta: { attempt: 1, startedAt: '', endedAt: '' } };
  };
  return {
    'test.killer': (request: EffectRequest) =>
      whileAlive(request, async () => {
        await sleep(1_000);
        KILLS[(request.with as { how: keyof typeof KILLS }).how]();
      }),
    'test.neighbour': (request: EffectRequest) => whileAlive(request, () => sleep((request.with as { ms: number }).ms)),
  };
};
