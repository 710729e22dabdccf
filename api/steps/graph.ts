import { graphOfRun, type PlaceCount, placeCounts } from '../../db/index.ts';
import type { StepRecord } from '../../graph/run-state/state/types.ts';
import type { Context } from '../context.ts';
import { earlier, later, liveRun, pathsOf } from './live.ts';
import type { WirePlace, WireRunGraph } from './schema.ts';

/**
 * The graph that a run executes, and what has become of each of its nodes: of a node in a loop, of all its steps
 * together.
 *
 * @throws ApiProblem `run.notFound`
 */
export async function getRunGraph(ctx: Context, { id }: { id: string }): Promise<WireRunGraph> {
  const { run, steps } = await liveRun(ctx, id);
  const { graph, counts } = await ctx.tenant(async (tx) => ({
    graph: await graphOfRun(tx, { runId: id }),
    counts: await placeCounts(tx, { runId: id, except: pathsOf(steps) }),
  }));
  return {
    workflow: run.workflow,
    version: run.version,
    graph: graph as WireRunGraph['graph'],
    places: placesOf([...counts, ...steps.map(countOf)]),
  };
}

/** A step as a count of one. */
const countOf = ({ path, node, type, status, port, attempts, startedAt, endedAt }: StepRecord): PlaceCount => ({
  place: path.replace(/\[\d+\]/g, ''),
  ...{ node, type, status, attempts, count: 1 },
  port: port ?? null,
  startedAt: startedAt ?? null,
  endedAt: endedAt ?? null,
});

/** Puts the counts of each place together. */
function placesOf(counts: readonly PlaceCount[]): WirePlace[] {
  const places = new Map<string, WirePlace>();
  for (const { place, node, type, status, port, count, attempts, startedAt, endedAt } of counts) {
    const sum = places.get(place) ?? {
      ...{ place, node, type, attempts: 0 },
      ...{ counts: {}, ports: {}, startedAt: null, endedAt: null },
    };
    sum.counts[status] = (sum.counts[status] ?? 0) + count;
    if (port !== null) sum.ports[port] = (sum.ports[port] ?? 0) + count;
    sum.attempts += attempts;
    sum.startedAt = earlier(sum.startedAt, startedAt);
    sum.endedAt = later(sum.endedAt, endedAt);
    places.set(place, sum);
  }
  return [...places.values()];
}
