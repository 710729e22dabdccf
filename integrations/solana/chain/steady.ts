import { setTimeout } from 'node:timers/promises';
import { NodeError } from '../../error.ts';
import type { Account, Provider, Simulation } from './port.ts';

/** How often accounts and simulation are asked for until both are of the same slot. */
const TRIES = 20;

/** Accounts, and what a transaction would make of them, at the same slot: only then the difference is its doing. */
export interface SteadySimulation {
  readonly before: readonly (Account | null)[];
  readonly simulation: Simulation;
}

/**
 * Simulates a transaction on accounts that nobody else changes meanwhile.
 *
 * @throws NodeError `solana.unsteady` if the chain moves on each time
 */
export async function simulateSteadily(
  provider: Provider,
  wire: Uint8Array,
  addresses: readonly string[],
): Promise<SteadySimulation> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { slot, accounts } = await provider.accounts(addresses);
    const simulation = await provider.simulate(wire, addresses);
    if (simulation.error !== null || slot === simulation.slot) return { before: accounts, simulation };
    await setTimeout(25 * tries);
  }
  throw new NodeError('solana.unsteady', 'The chain moved on too fast to tell what the transaction would do.', {
    retryable: true,
  });
}
