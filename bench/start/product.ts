import type { Call } from './load.ts';

/** A product under measurement. */
export interface Product {
  readonly name: string;
  readonly call: Call;
  /** Its processes, by what they do. */
  readonly pids: Readonly<Record<string, number>>;
  readonly stop: () => Promise<void>;
}
