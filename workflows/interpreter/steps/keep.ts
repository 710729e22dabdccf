import { inlineValues, type KeepCall, Reference } from '../../../graph/sandbox.ts';
import type { Driver } from '../base/driver.ts';
import { store } from '../base/stored.ts';

/**
 * Stores a large value of a run, and returns a reference with the values that are read downstream.
 *
 * Values are stored side by side, but answers come in the order of the questions: a replay hands over the results of
 * local activities in that order, whichever was first when the run was live (interpreter README §2).
 */
export async function keepLarge(driver: Driver, { value, inline }: Omit<KeepCall, 'path'>): Promise<Reference> {
  const before = driver.kept;
  const storing = store(driver, value);
  driver.kept = settled(before, storing);
  const small = inlineValues(value, inline);
  await before;
  return new Reference({ ...(await storing), inline: small });
}

async function settled(...work: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(work);
}
