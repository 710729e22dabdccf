/** Queues of which a run may have only some effects in flight. */
import type { Run } from '../state/state.ts';

/** Whether a queue takes only some effects of a run at a time. */
export const isLimited = ({ limits }: Run, queue: string | undefined): queue is string =>
  queue !== undefined && Object.hasOwn(limits.ofQueue, queue);

/** Whether a queue takes another effect of a run. */
export const hasPlace = ({ limits, state }: Run, queue: string | undefined): boolean =>
  queue === undefined || (state.inFlightOf?.[queue] ?? 0) < (limits.ofQueue[queue] ?? Number.POSITIVE_INFINITY);
