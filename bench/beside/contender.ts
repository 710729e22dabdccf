import type { Call } from './load.ts';

/** A product that is measured, doing one kind of work. */
export interface Contender {
  readonly name: string;
  readonly call: Call;
  /** Its processes, by what they do. */
  readonly pids: Readonly<Record<string, number>>;
}

/** A product that runs until it is stopped. */
export interface Running {
  readonly stop: () => Promise<void>;
}
