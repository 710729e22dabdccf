import type { Body, Query } from '../../api/client-types.ts';
import { bodyOf, type Send } from '../request.ts';
import type { Run } from '../wire.ts';
import { untilAnswered } from './until-answered.ts';

/** What a list of runs is asked for. */
export type RunsAsked = Body<'POST /api/runs/bulk'>['filter'];

/** The calls about runs. All throw `CliError`. */
export function runCalls(send: Send) {
  return {
    /** Starts a run, waiting at most `seconds` (0 to 60) for its end. `key` makes a repeated start the same run. */
    start: (
      workflow: string,
      start: Body<'POST /api/workflows/:name/runs'>,
      key: string,
      seconds: number,
    ): Promise<Run> => {
      const asked = { params: { name: workflow }, query: { wait: seconds }, body: start };
      return untilAnswered((headers) => send('POST /api/workflows/:name/runs', { ...asked, headers }), key);
    },
    startGraph: (start: Body<'POST /api/runs'>, key: string, seconds: number): Promise<Run> =>
      untilAnswered((headers) => send('POST /api/runs', { query: { wait: seconds }, body: start, headers }), key),

    runs: (query: Query<'GET /api/runs'>) => bodyOf(send('GET /api/runs', { query })),
    countRuns: (query: RunsAsked) => bodyOf(send('GET /api/runs/count', { query })),
    saveFilter: (name: string, filter: Body<'PUT /api/run-filters/:name'>['filter']) =>
      bodyOf(send('PUT /api/run-filters/:name', { params: { name }, body: { filter } })),
    run: (id: string, seconds = 0, signal?: AbortSignal) =>
      bodyOf(send('GET /api/runs/:id', { params: { id }, query: { wait: seconds || undefined }, signal })),
    ask: (id: string) => bodyOf(send('GET /api/runs/:id/ask', { params: { id } })),
    step: (id: string, step: string) => bodyOf(send('GET /api/runs/:id/steps/:step', { params: { id, step } })),
    stepOutput: (id: string, step: string) =>
      bodyOf(send('GET /api/runs/:id/steps/:step/output', { params: { id, step } })),

    approvals: (query: Query<'GET /api/approvals'>) => bodyOf(send('GET /api/approvals', { query })),
    approve: (id: string, step: string, body: Body<'POST /api/runs/:id/approvals/:step'>) =>
      bodyOf(send('POST /api/runs/:id/approvals/:step', { params: { id, step }, body })),
    tell: (id: string, body: Body<'POST /api/runs/:id/tell'>) =>
      untilAnswered((headers) => send('POST /api/runs/:id/tell', { params: { id }, body, headers })),
  };
}
