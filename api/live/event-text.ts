/** Events as they go over the wire (Server-Sent Events). */
import type { Change } from '../../db/index.ts';

/** What an event says: which thing has changed, not its data. Those who want them ask for the thing. */
function dataOf(change: Change): object {
  const { kind, at, runId, workflow, step, status, was, detail } = change;
  return {
    kind,
    at,
    ...(runId !== null && { run: runId }),
    ...(workflow !== null && { workflow }),
    ...(step !== null && { step }),
    ...(status !== null && { status }),
    ...(was !== null && { was }),
    ...(typeof detail === 'object' ? detail : {}),
  };
}

/** A change as an event of its kind. */
export const changeEvent = (change: Change, id: string): string => event(change.kind, id, dataOf(change));

/** The first event: from here on, nothing is left out. */
export const readyEvent = (id: string): string => event('ready', id, {});

/** Something was left out: whoever reads this looks at everything anew, and misses nothing from here on. */
export const resyncEvent = (id: string, reason: 'slow' | 'expired' | 'interrupted'): string =>
  event('resync', id, { reason });

/** Keeps the connection alive and the id new. It has no data, so no listener hears of it. */
export const heartbeat = (id: string): string => `: alive\nid: ${id}\n\n`;

/** How soon a client comes back whose connection broke. */
export const RETRY = 'retry: 1000\n\n';

const event = (type: string, id: string, data: object): string =>
  `event: ${type}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
