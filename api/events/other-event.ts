import { ApiProblem } from '../http/problem.ts';

/** The problem of an event whose id was used by another event: it would be taken for that event and dropped. */
export const otherEvent = (id: string): ApiProblem =>
  new ApiProblem(
    'idempotency.mismatch',
    `Another event came under the id ${JSON.stringify(id)}. Use a new id (or Idempotency-Key) for a new event.`,
  );
