import { expect, it } from 'vitest';
import type { SharedLimit } from '../../integrations/rate-limit.ts';
import { createLines } from '../../pace/lines.ts';
import { memoryPace } from '../../pace/memory.ts';
import { reserve } from '../../pace/pacing.ts';
import { NotYet, sharedRate, takeFirstTurn } from './rates.ts';

const CONNECTION: SharedLimit = { key: 'connection', of: 'crm', rate: { limit: 1, perMs: 60_000, burst: 3 } };
const CHANNEL: SharedLimit = { key: 'channel', of: 'crm, #sales', rate: { limit: 1, perMs: 3_600_000, burst: 1 } };

/** Two limits, and how many turns of the first one are left. */
function twoLimits(signal = new AbortController().signal) {
  const store = memoryPace();
  const limited = { pace: createLines(store), workspace: 'ws', limits: [CONNECTION, CHANNEL], signal };
  const left = async () => {
    let free = 0;
    for (; (await store.change({ workspace: 'ws', ...CONNECTION }, reserve(1))).count === 1; free++);
    return free;
  };
  return { limited, left };
}

it('a step that one of two limits holds up takes no turn of the other', async () => {
  const { limited, left } = twoLimits();
  const how = { returns: true, attemptMs: 1_000 };
  await takeFirstTurn(limited, how);
  for (let times = 0; times < 5; times++) await expect(takeFirstTurn(limited, how)).rejects.toThrow(NotYet);
  expect(await left()).toBe(2);
});

it('neither does one that wants another turn in the middle of its work, or is cancelled while it waits', async () => {
  const stop = new AbortController();
  const { limited, left } = twoLimits(stop.signal);
  const rate = sharedRate(limited, 0);
  await rate.turn();
  await expect(rate.turn()).rejects.toMatchObject({ code: 'rate.limited' });
  const patient = { ...CHANNEL, key: 'patient', rate: { limit: 1, perMs: 30_000, burst: 1 } };
  const waits = sharedRate({ ...limited, limits: [CONNECTION, patient] }, 0);
  await waits.turn();
  const waiting = waits.turn();
  setTimeout(() => stop.abort(new Error('cancelled')), 50);
  await expect(waiting).rejects.toThrow('cancelled');
  // Two turns were used.
  expect(await left()).toBe(1);
});
