import { ApiProblem } from '../http/problem.ts';

/** The problem of an event whose id another one came under: it would be taken for that one, and dropped. */
export const otherEvent = (id: string): ApiProblem =>
  new ApiProblem(
    'idempotency.mismatch',
    `Another event came under the id ${JSON.stringify(id)}. Use a new id (or Idempotency-Key) for a new event.`,
  );
