import type { Followed } from './follow.ts';

/** What clients missed, and what they heard too often. */
export interface Mistakes {
  /** Ends of runs that did not reach a client. */
  readonly gaps: number;
  /** Events that reached a client twice. */
  readonly doubles: number;
  /** How often a client was told to look at everything anew. */
  readonly resyncs: number;
}

/** Compares what each client heard with what happened. */
export function mistakesOf({ clients, traffic: { started } }: Followed): Mistakes {
  let [gaps, doubles, resyncs] = [0, 0, 0];
  for (const client of clients) {
    resyncs += client.resyncs;
    const heard = (kind: string) => client.heard.filter((one) => one.kind === kind).map(({ run }) => run);
    const [begins, ends] = [heard('run.started'), heard('run.ended')];
    doubles += ends.length - new Set(ends).size + (begins.length - new Set(begins).size);
    const known = new Set(ends);
    gaps += started.filter((run) => !known.has(run)).length;
  }
  return { gaps, doubles, resyncs };
}
