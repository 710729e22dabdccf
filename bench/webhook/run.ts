import type { Contender, Running } from '../beside/contender.ts';
import { measureCell } from '../beside/measure.ts';
import { conclude } from '../results.ts';
import { startServers } from '../servers.ts';
import { startBlok } from './blok.ts';
import { startByHand } from './by-hand.ts';
import { startPeer } from './n8n.ts';
import { type Measured, missedBy, render } from './report.ts';
import type { Sets } from './work.ts';

/** How many calls are under way at a time. */
const CALLERS = [1, 16, 64];
const LENGTHS = [1, 10] as const;

/** How long a block takes, and how many blocks each product gets under each load. */
const QUICK = { forMs: 2_000, repeats: 2 };
const WHOLE = { forMs: 5_000, repeats: 4 };

interface Options {
  readonly quick: boolean;
  /** Numbers of callers. */
  readonly shapes?: readonly string[];
  readonly write: boolean;
}

/**
 * Measures webhooks that are answered by a `respond` node behind one or ten Set nodes, executed at once and by Temporal,
 * beside n8n on the same Postgres, and beside a workflow written by hand on the same Temporal.
 *
 * @returns false if a goal is not met
 */
export async function benchWebhook({ quick, shapes, write }: Options): Promise<boolean> {
  const { forMs, repeats } = quick ? QUICK : WHOLE;
  const running: Running[] = [];
  const started = async <T extends Running>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    running.unshift(one);
    return one;
  };
  try {
    const servers = await started(startServers());
    const blok = await started(startBlok(servers, LENGTHS));
    const byHand = await started(startByHand(servers));
    const n8n = await started(startPeer(servers, LENGTHS));
    const sides: { sets: Sets; contender: Contender }[] = LENGTHS.flatMap((sets) => [
      { sets, contender: blok.of('inline', sets) },
      { sets, contender: blok.of('durable', sets) },
      { sets, contender: byHand.of(sets) },
      { sets, contender: n8n.of('at the end', sets) },
      ...(sets === 1 ? [] : [{ sets, contender: n8n.of('after each node', sets) }]),
    ]);
    const cells: Measured[] = [];
    for (const callers of CALLERS.filter((count) => shapes?.includes(String(count)) ?? true)) {
      const measured = await measureCell(
        sides.map(({ contender }) => contender),
        { callers, forMs },
        repeats,
      );
      cells.push(...measured.map((cell, at) => ({ ...cell, sets: sides[at]!.sets })));
      console.error(`${callers} callers measured`);
    }
    return conclude('webhook', { table: render(cells), missed: missedBy(cells), write });
  } finally {
    for (const one of running) await one.stop();
  }
}
