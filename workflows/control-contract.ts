import type { Json } from '../graph/json.ts';

/** Name of the update by which operators act on single steps. */
export const UPDATE_OPERATE = 'operate';

/** What an operator does to a step of a run. */
export interface OperateMessage {
  /** A request sent again under the same id is the same request. */
  readonly id: string;
  readonly do: 'retry' | 'skip' | 'complete' | 'timeOut';
  /** Step path. */
  readonly step: string;
  /** `skip`: the output of the step. `complete`: the data of the event, or the decision. */
  readonly output?: Json;
}

/** Decision on an approval. */
export interface ApproveMessage {
  /** Step path of the approval. */
  readonly step: string;
  readonly decision: 'approved' | 'rejected';
  readonly by: string;
  readonly comment?: string | null;
  readonly values?: Json;
}
