import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ActivityDeps } from '../base/deps.ts';
import { stopLeft } from './stop-left.ts';

const timers = vi.hoisted(() => ({ setTimeout: async () => undefined }));
vi.mock('node:timers/promises', () => timers);

const record = { workflowId: 'w', temporalRunId: 't' };
let stopped: number;
beforeEach(() => {
  stopped = 0;
});
afterEach(() => void vi.restoreAllMocks());

/** The server answers these, one after the other, and then the last one again and again. */
async function asked(...answers: (string | Error)[]): Promise<{ looks: string[]; stopped: number }> {
  const looks: string[] = [];
  const describe = async () => {
    const answer = answers[Math.min(looks.length, answers.length) - 1]!;
    if (answer instanceof Error) throw answer;
    return { status: { name: answer } };
  };
  const getHandle = (workflowId: string, runId: string) => {
    looks.push(`${workflowId} ${runId}`);
    return { describe };
  };
  await stopLeft({ temporal: { workflow: { getHandle } } } as unknown as ActivityDeps, record, () => void stopped++);
  return { looks, stopped };
}

it.each(['COMPLETED', 'FAILED', 'CANCELLED'])(
  'stops what is left of a run that the server knows as %s',
  async (status) => {
    expect(await asked('RUNNING', new Error('away'), status)).toEqual({ looks: ['w t', 'w t', 'w t'], stopped: 1 });
  },
);

it.each([
  ['goes on', 'RUNNING', 6],
  ['nobody knows of', new Error('away'), 6],
  ['was reset', 'TERMINATED', 1],
  ['has continued', 'CONTINUED_AS_NEW', 1],
])('stops nothing of a run that %s', async (_name, answer, looks) => {
  expect(await asked(answer)).toEqual({ looks: Array.from({ length: looks }, () => 'w t'), stopped: 0 });
});
