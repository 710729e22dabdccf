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

/** The run was paused or resumed. */
export interface PauseMessage {
  readonly paused: boolean;
  /** The message with the highest count is the latest, because messages may overtake each other. */
  readonly count: number;
}

/** An event for waiting runs. `id` makes delivery idempotent. */
export interface EventMessage {
  readonly id: string;
  readonly name: string;
  /** Absent: the event reaches waits with any key. */
  readonly key?: string | null;
  readonly data: Json;
  /** ISO time of arrival. */
  readonly at: string;
  /** Distinguishes the event from another one with the same id: a hash of name, key and data. */
  readonly digest?: string;
  /** Set if a link of `notify` sent the event: it ends the event wait at this step path and no other, or is refused. */
  readonly step?: string;
}
