import { randomUUID } from 'node:crypto';
import type { Body } from '../../api/client-types.ts';
import { bodyOf, type Send } from '../request.ts';

export type RerunBody = Body<'POST /api/runs/:id/rerun'>;
export type BulkBody = Body<'POST /api/runs/bulk'>;

const once = () => ({ 'idempotency-key': randomUUID() });

/** The calls by which operators act on runs. All throw `CliError`. */
export function controlCalls(send: Send) {
  const at = (id: string) => ({ params: { id }, headers: once() });
  return {
    cancel: (id: string, reason?: string) => bodyOf(send('POST /api/runs/:id/cancel', { ...at(id), body: { reason } })),
    terminate: (id: string, reason?: string) =>
      bodyOf(send('POST /api/runs/:id/terminate', { ...at(id), body: { reason } })),
    pause: (id: string) => bodyOf(send('POST /api/runs/:id/pause', { ...at(id), body: {} })),
    resume: (id: string) => bodyOf(send('POST /api/runs/:id/resume', { ...at(id), body: {} })),
    controls: async (id: string) => (await bodyOf(send('GET /api/runs/:id/controls', { params: { id } }))).items,
    steps: stepCalls(send),
    rerun: (id: string, body: RerunBody) => bodyOf(send('POST /api/runs/:id/rerun', { ...at(id), body })),
    compareRuns: (id: string, other: string, all: boolean) =>
      bodyOf(
        send('GET /api/runs/:id/compare', { params: { id }, query: { with: other, all: all ? 'true' : 'false' } }),
      ),
    bulk: (body: BulkBody) => bodyOf(send('POST /api/runs/bulk', { headers: once(), body })),
  };
}

/** One call for each thing that is done to a step. */
function stepCalls(send: Send) {
  const at = (id: string, step: string) => ({ params: { id, step }, headers: once() });
  return {
    retry: (id: string, step: string, body: Body<'POST /api/runs/:id/steps/:step/retry'>) =>
      bodyOf(send('POST /api/runs/:id/steps/:step/retry', { ...at(id, step), body })),
    skip: (id: string, step: string, body: Body<'POST /api/runs/:id/steps/:step/skip'>) =>
      bodyOf(send('POST /api/runs/:id/steps/:step/skip', { ...at(id, step), body })),
    complete: (id: string, step: string, body: Body<'POST /api/runs/:id/steps/:step/complete'>) =>
      bodyOf(send('POST /api/runs/:id/steps/:step/complete', { ...at(id, step), body })),
    timeout: (id: string, step: string, body: Body<'POST /api/runs/:id/steps/:step/timeout'>) =>
      bodyOf(send('POST /api/runs/:id/steps/:step/timeout', { ...at(id, step), body })),
    pause: (id: string, step: string, body: Body<'POST /api/runs/:id/steps/:step/pause'>) =>
      bodyOf(send('POST /api/runs/:id/steps/:step/pause', { ...at(id, step), body })),
    unpause: (id: string, step: string, body: Body<'POST /api/runs/:id/steps/:step/unpause'>) =>
      bodyOf(send('POST /api/runs/:id/steps/:step/unpause', { ...at(id, step), body })),
    reset: (id: string, step: string, body: Body<'POST /api/runs/:id/steps/:step/reset'>) =>
      bodyOf(send('POST /api/runs/:id/steps/:step/reset', { ...at(id, step), body })),
    options: (id: string, step: string, body: Body<'PATCH /api/runs/:id/steps/:step/options'>) =>
      bodyOf(send('PATCH /api/runs/:id/steps/:step/options', { ...at(id, step), body })),
  };
}
