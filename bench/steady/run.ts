import { withProduct } from '../product.ts';
import { conclude } from '../results.ts';
import { memoryOf } from '../statistics.ts';
import { endsOf, readRuns } from './ends.ts';
import { watchMemory } from './memory.ts';
import { publishMix } from './mix.ts';
import { missedBy, render, type Steady } from './report.ts';
import { closedLoop, openLoop } from './traffic.ts';

/** Enough that there is always something to do. */
const CALLERS = 32;
/** Which part of the most is offered. */
const PART = 0.7;
const SAMPLE_EVERY_MS = 2_000;

const QUICK = { warmUpMs: 5_000, mostMs: 15_000, forMs: 60_000 };
const WHOLE = { warmUpMs: 15_000, mostMs: 60_000, forMs: 600_000 };

/**
 * Ten minutes at 70 % of what API and worker can do at most, which is measured first. The load is a mix of three kinds in
 * turn, all durable: a start and a webhook of one `set` node, and three steps of which one is a call (`mix.ts`). At the
 * end every request is compared with the database and with what the called service has counted. One minute (`quick`) is
 * too short to judge memory.
 *
 * @returns false if a run was lost, ended wrong or ran twice, a request was not accepted, or memory grew
 */
export async function benchSteady({ quick, write }: { quick: boolean; write: boolean }): Promise<boolean> {
  const { warmUpMs, mostMs, forMs } = quick ? QUICK : WHOLE;
  const steady = await withProduct(async (at): Promise<Steady> => {
    const requestOf = await publishMix(at);
    const warmUp = await closedLoop(requestOf, { callers: CALLERS, forMs: warmUpMs, from: 0 });
    const { sent: most, perSecond } = await closedLoop(requestOf, {
      callers: CALLERS,
      forMs: mostMs,
      from: warmUp.sent.length,
    });
    const before = [...warmUp.sent, ...most];
    console.error(`${perSecond.toFixed(1)} runs a second at most`);
    const offered = PART * perSecond;
    const stopWatching = watchMemory(at.pid, { everyMs: SAMPLE_EVERY_MS, forMs });
    const sent = await openLoop(requestOf, { perSecond: offered, forMs, from: before.length });
    const memory = stopWatching();
    const all = [...before, ...sent];
    const runs = await readRuns(at.databaseUrl, all.filter(({ isAccepted }) => isAccepted).length);
    return {
      ...{ callers: CALLERS, most: perSecond, offered, minutes: forMs / 60_000, before, sent, memory },
      ends: endsOf(all, runs, at.outside.kept),
      isAlive: memoryOf(at.pid) > 0,
    };
  });
  return conclude('steady', { table: render(steady), missed: missedBy(steady), write });
}
