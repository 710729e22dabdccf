import type { Body, Query } from '../../api/client-types.ts';
import type { Json } from '../../graph/json.ts';
import { bodyOf, type Send } from '../request.ts';
import { untilAnswered } from './until-answered.ts';

/** The calls about triggers, and what waits of a workflow. All throw `CliError`. */
export function triggerCalls(send: Send) {
  const at = (name: string, id: string) => ({ params: { name, id } });
  return {
    triggers: (workflow?: string) =>
      bodyOf(
        workflow === undefined
          ? send('GET /api/triggers')
          : send('GET /api/workflows/:name/triggers', { params: { name: workflow } }),
      ),
    queue: (name: string, query: Query<'GET /api/workflows/:name/queue'>) =>
      bodyOf(send('GET /api/workflows/:name/queue', { params: { name }, query })),
    heldGroup: (name: string, group: string) =>
      bodyOf(send('GET /api/workflows/:name/queue/:group', { params: { name, group } })),
    discardGroup: (name: string, group: string) =>
      bodyOf(send('DELETE /api/workflows/:name/queue/:group', { params: { name, group } })),
    switchWorkflow: (name: string, active: boolean) =>
      bodyOf(send('PUT /api/workflows/:name/active', { params: { name }, body: { active } })),
    switchTrigger: (name: string, id: string, body: Body<'PUT /api/workflows/:name/triggers/:id/active'>) =>
      bodyOf(send('PUT /api/workflows/:name/triggers/:id/active', { ...at(name, id), body })),
    fire: (name: string, id: string, data: Json | undefined) =>
      untilAnswered((headers) =>
        send('POST /api/workflows/:name/triggers/:id/fire', { ...at(name, id), body: { data }, headers }),
      ),
    backfill: (name: string, id: string, body: Body<'POST /api/workflows/:name/triggers/:id/backfill'>) =>
      bodyOf(send('POST /api/workflows/:name/triggers/:id/backfill', { ...at(name, id), body })),
    deadLetters: (name: string, id: string, query: Query<'GET /api/workflows/:name/triggers/:id/dead-letters'>) =>
      bodyOf(send('GET /api/workflows/:name/triggers/:id/dead-letters', { ...at(name, id), query })),
    emptyDeadLetters: (name: string, id: string) =>
      bodyOf(send('DELETE /api/workflows/:name/triggers/:id/dead-letters', at(name, id))),
    rotate: (name: string, id: string) => bodyOf(send('POST /api/workflows/:name/triggers/:id/rotate', at(name, id))),
    link: (name: string, id: string, expiresIn: string | undefined) =>
      bodyOf(send('POST /api/workflows/:name/triggers/:id/links', { ...at(name, id), body: { expiresIn } })),
    capture: (name: string, id: string, { next, instead }: { next: number; instead: boolean }) =>
      bodyOf(
        send('POST /api/workflows/:name/triggers/:id/capture', {
          ...at(name, id),
          query: { next, instead: instead ? 'true' : 'false' },
        }),
      ),
    getCapture: (name: string, id: string) =>
      bodyOf(send('GET /api/workflows/:name/triggers/:id/capture', at(name, id))),
    endCapture: (name: string, id: string) =>
      bodyOf(send('DELETE /api/workflows/:name/triggers/:id/capture', at(name, id))),
    useCall: (name: string, id: string, { seq, as }: { seq: number; as: 'input' | 'pin' }) =>
      bodyOf(send('GET /api/workflows/:name/triggers/:id/capture/:seq', { params: { name, id, seq }, query: { as } })),
  };
}
