import { z } from 'zod';
import { address } from '../notation/fields.ts';

/** Addresses of one watch. */
const MOST = 1_000;

/** One address, or a list of different ones. */
export const watchedAddresses = () =>
  z.union([address(), z.array(address()).min(1).max(MOST)]).describe(`An address, or a list of up to ${MOST}.`);

/** The addresses of such a parameter, each of them once. */
export const addressList = (given: string | readonly string[]): string[] => [...new Set([given].flat())];
