/** Workflow code that does what Blok's own must never do, once its run has gone on for a moment: for tests of the worker. */
import { sleep } from '@temporalio/workflow';
import { type StartInput, UNKNOWN_VERSION } from '../contract.ts';
import { interpret } from '../interpreter/interpret.ts';

export { runEach as blokEach } from '../chains/chain.ts';

/** Ways to spoil a workflow task. */
const ATTACKS = {
  /** Fills the heap, which ends the thread. */
  heap: (): void => {
    const kept: unknown[] = [];
    for (;;) kept.push(new Array(10_000).fill(kept.length + 0.5));
  },
  /** Asks for more memory in one go than a process can have, which ends the process. */
  process: (): void => {
    'x'.repeat(500_000_000).split('');
  },
  /** Takes the processor. */
  stall: (): void => {
    for (;;);
  },
  /** A mistake of ours. */
  mistake: (): void => {
    throw new TypeError('a mistake of ours');
  },
  /** Not a mistake: a newer worker can do it. */
  newer: (): void => {
    throw new Error(`${UNKNOWN_VERSION} 99.`);
  },
};

/** Runs a plan. If the run's input asks for an attack, it comes a second later. */
export default async function hostile(input: StartInput) {
  const run = interpret(input);
  const { attack } = input.input as { attack?: keyof typeof ATTACKS };
  if (!attack) return run;
  await sleep('1 second');
  ATTACKS[attack]();
  return run;
}
