import { z } from 'zod';
import { ExpressionError } from '../../../graph/expression/index.ts';
import { compilePattern } from '../../../graph/expression/library/regex-program.ts';
import { address } from '../notation/fields.ts';

/** Addresses of one watch. */
const MOST = 1_000;

/** One address, or a list of different ones. */
export const watchedAddresses = () =>
  z.union([address(), z.array(address()).min(1).max(MOST)]).describe(`An address, or a list of up to ${MOST}.`);

/** The addresses of such a parameter, each of them once. */
export const addressList = (given: string | readonly string[]): string[] => [...new Set([given].flat())];

/** A regular expression that takes linear time. */
export const memoPattern = () =>
  z
    .string()
    .min(1)
    .max(500)
    .superRefine((pattern, check) => {
      try {
        compilePattern(pattern, 0);
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        check.addIssue({ code: 'custom', message: error.message });
      }
    });
