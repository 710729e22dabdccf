import type { Client } from '@temporalio/client';
import type { BenchServers } from '../servers.ts';
import { cpuOf, median, ownCpu } from '../statistics.ts';
import { countHistory, type HistoryCounts } from './history.ts';
import type { Shape } from './shapes.ts';

/** Starts one run and waits for its result. */
export type Starter = () => Promise<{ workflowId: string; runId: string; result: unknown }>;

/** One side of a comparison. */
export interface Side {
  /** Median wall-clock time of a run, one block after the other, in milliseconds. */
  readonly times: number[];
  /** CPU seconds per run of this process (worker and client), of Temporal and of Postgres, by block. */
  readonly cpu: number[];
  readonly serverCpu: number[];
  /** What runs wrote to their histories: the last run of the warm-up, then the last run of each block. */
  readonly counts: HistoryCounts[];
}

/** Both sides of one shape, measured alternately. */
export interface Comparison {
  readonly shape: Shape;
  readonly ours: Side;
  readonly byHand: Side;
}

/**
 * Measures a shape: a warm-up of both sides, then alternating blocks of runs (A-B-A-B), one run at a time. The load
 * generator is this process.
 */
export async function compare(
  client: Client,
  servers: BenchServers,
  shape: Shape,
  sides: { ours: Starter; byHand: Starter },
  repeats: number,
): Promise<Comparison> {
  const block = async (start: Starter, runs: number) => {
    const times: number[] = [];
    let last: Awaited<ReturnType<Starter>> | undefined;
    const before = [ownCpu(), cpuOf(servers.temporalPid)] as const;
    for (let i = 0; i < runs; i++) {
      const began = performance.now();
      last = await start();
      times.push(performance.now() - began);
      if (JSON.stringify(last.result) !== JSON.stringify(shape.result))
        throw new Error(`${shape.name} returned ${JSON.stringify(last.result).slice(0, 200)}`);
    }
    const cpu = (ownCpu() - before[0]) / runs;
    return { time: median(times), cpu, serverCpu: (cpuOf(servers.temporalPid) - before[1]) / runs, last: last! };
  };
  const begin = async (start: Starter): Promise<Side> => {
    const { last } = await block(start, Math.max(2, Math.ceil(shape.runs / 2)));
    return { times: [], cpu: [], serverCpu: [], counts: [await countHistory(client, last.workflowId, last.runId)] };
  };
  const measured = { ours: await begin(sides.ours), byHand: await begin(sides.byHand) };
  for (let repeat = 0; repeat < repeats; repeat++) {
    // The side that goes first changes, so that work left over from the block before falls on both sides.
    for (const side of repeat % 2 === 0 ? (['byHand', 'ours'] as const) : (['ours', 'byHand'] as const)) {
      const { time, cpu, serverCpu, last } = await block(sides[side], shape.runs);
      measured[side].times.push(time);
      measured[side].cpu.push(cpu);
      measured[side].serverCpu.push(serverCpu);
      measured[side].counts.push(await countHistory(client, last.workflowId, last.runId));
    }
  }
  return { shape, ...measured };
}
