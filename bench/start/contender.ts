import type { Call } from './load.ts';

/** A product that is measured. */
export interface Contender {
  readonly name: string;
  readonly call: Call;
  /** Its processes, by what they do. */
  readonly pids: Readonly<Record<string, number>>;
  readonly stop: () => Promise<void>;
}
