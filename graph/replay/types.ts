import type { TakenStep } from '../run-state/index.ts';
import type { Recorded, WhyAgain } from './recorded.ts';

/** How a body is walked. */
export interface Walk {
  /** The step from which on everything runs again, if it is in this body. */
  readonly from?: string;
  /** The body has ended with its failures, and is taken over with them. */
  readonly asItWas?: true;
  /** Only these nodes are looked at; the others run again. */
  readonly only?: ReadonlySet<number>;
}

/** What is found on the way. */
export interface Finding {
  readonly recorded: Recorded;
  readonly given: ReadonlySet<string>;
  readonly steps: Record<string, TakenStep>;
  readonly again: { step: string; why: WhyAgain }[];
  readonly missing: string[];
  readonly loops: string[];
}
