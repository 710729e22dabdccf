import { expect, it } from 'vitest';
import type { ActivityDeps } from '../base/deps.ts';
import { stopLeft } from './stop-left.ts';

const record = { workflowId: 'w', temporalRunId: 't' };
const LOOKS = [1, 1, 1, 1];

/** The server answers these, one after the other, and then the last one again and again. */
async function asked(...answers: (string | Error)[]): Promise<{ looks: string[]; stopped: number }> {
  const looks: string[] = [];
  let stopped = 0;
  const describe = async () => {
    const answer = answers[Math.min(looks.length, answers.length) - 1]!;
    if (answer instanceof Error) throw answer;
    return { status: { name: answer } };
  };
  const getHandle = (workflowId: string, runId: string) => {
    looks.push(`${workflowId} ${runId}`);
    return { describe };
  };
  const deps = { temporal: { workflow: { getHandle } } } as unknown as ActivityDeps;
  await stopLeft(deps, record, () => void stopped++, LOOKS);
  return { looks, stopped };
}

it.each(['COMPLETED', 'FAILED', 'CANCELLED'])(
  'stops what is left of a run that the server knows as %s',
  async (status) => {
    expect(await asked('RUNNING', new Error('away'), status)).toEqual({ looks: ['w t', 'w t', 'w t'], stopped: 1 });
  },
);

it.each([
  ['goes on', 'RUNNING', 4],
  ['nobody knows of', new Error('away'), 4],
  ['was reset', 'TERMINATED', 1],
  ['has continued', 'CONTINUED_AS_NEW', 1],
])('stops nothing of a run that %s', async (_name, answer, looks) => {
  expect(await asked(answer)).toEqual({ looks: Array.from({ length: looks }, () => 'w t'), stopped: 0 });
});
