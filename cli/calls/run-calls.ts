import type { Json } from '../../graph/json.ts';
import type { Send } from '../request.ts';
import type { RunSummary, SavedFilter } from '../wire.ts';

/** What a list of runs is asked for: the parameters of `GET /api/runs`. */
export interface RunsAsked {
  readonly workflow?: string;
  readonly version?: string;
  readonly status?: string;
  readonly trigger?: string;
  readonly uses?: string;
  readonly error?: string;
  readonly text?: string;
  readonly key?: string;
  readonly label?: string;
  readonly parent?: string;
  readonly waits?: string;
  readonly from?: string;
  readonly to?: string;
  /** Name of a saved filter. */
  readonly filter?: string;
}

/** The calls of the API about lists of runs, and about parts of a run. */
export function runCalls(send: Send) {
  const at = (...path: string[]) => `/runs/${path.map(encodeURIComponent).join('/')}`;
  return {
    runs: async (query: RunsAsked & { limit?: number; cursor?: string }) =>
      (
        await send<{ items: RunSummary[]; next: string | null; previous: string | null }>('GET', '/runs', {
          query: { ...query },
        })
      ).body,
    countRuns: async (query: RunsAsked) =>
      (await send<{ count: number; exact: boolean }>('GET', '/runs/count', { query: { ...query } })).body,
    saveFilter: async (name: string, filter: RunsAsked) =>
      (await send<SavedFilter>('PUT', `/run-filters/${encodeURIComponent(name)}`, { body: { filter } })).body,
    stepOutput: async (id: string, step: string) => (await send<Json>('GET', at(id, 'steps', step, 'output'))).body,
    step: async (id: string, step: string) => (await send<Json>('GET', at(id, 'steps', step))).body,
  };
}
