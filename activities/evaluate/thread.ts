/** The thread of one long computation. The process has others to serve meanwhile. */
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { DataError } from '../../graph/data/index.ts';
import { ExpressionError, newFuel, zoneRules } from '../../graph/expression/index.ts';
import { type Computation, compute } from './compute.ts';

/** What came of it. An error crosses threads as a plain one, so what matters of it goes by name. */
export type Computed =
  | { readonly value: unknown }
  | { readonly expression: Pick<ExpressionError, 'reason' | 'message' | 'position'> }
  | { readonly data: string };

/** Fuel of a computation: about five seconds of work. */
const FUEL = 100_000_000;

/** Linux gives each thread a share of its own. */
const NICE = 5;

function giveWay(): void {
  try {
    setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), NICE);
  } catch {
    // Elsewhere the thread counts like any other.
  }
}

function computed(computation: Computation): Computed {
  try {
    return { value: compute(computation, newFuel(FUEL, zoneRules)) };
  } catch (error) {
    if (error instanceof DataError) return { data: error.message };
    if (!(error instanceof ExpressionError)) throw error;
    const { reason, message, position } = error;
    return { expression: { reason, message, position } };
  }
}

giveWay();
parentPort!.postMessage(computed(workerData as Computation));
