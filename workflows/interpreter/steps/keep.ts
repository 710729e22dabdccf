import { inlineValues, type KeepCall, Reference } from '../../../graph/sandbox.ts';
import type { Driver } from '../base/driver.ts';
import { store } from '../base/stored.ts';

/** Stores a large value of a run, and returns a reference with the values that are read downstream. */
export async function keepLarge(driver: Driver, { value, inline }: Omit<KeepCall, 'path'>): Promise<Reference> {
  return new Reference({ ...(await store(driver, value)), inline: inlineValues(value, inline) });
}
