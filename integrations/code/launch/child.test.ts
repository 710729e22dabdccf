import { expect, it } from 'vitest';
import { chooseWall } from '../sandbox.ts';
import type { Wall } from '../walls.ts';
import { converse, startChild } from './child.ts';
import { SCRIPT_KIND } from './jobs.ts';

const wall: Wall = await chooseWall('auto');
/** The walls start their processes within so many milliseconds. */
const MOMENTS_MS = Array.from({ length: 60 }, (_, index) => 3 + index / 5);

it('says that a child has crashed, whenever its wall is killed', {
  timeout: 60_000,
}, async () => {
  const killedAt = async (ms: number): Promise<string> => {
    const child = startChild(wall, { ...SCRIPT_KIND, givesWay: false });
    const job = { stdin: ['{}'], withinMs: 30_000, maxAnswerBytes: 1_000 };
    const answer = converse(child, job, new AbortController().signal);
    await new Promise((resolve) => setTimeout(resolve, ms));
    child.kill('SIGKILL');
    return (await answer).kind;
  };
  for (const ms of MOMENTS_MS) expect([ms, await killedAt(ms)]).toEqual([ms, 'crashed']);
});
