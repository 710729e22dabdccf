import { fail } from '../error.ts';
import { kindOf } from '../values.ts';
import type { Functions, LibraryFunction } from './types.ts';

/**
 * Functions that refuse null and undefined for each required argument. JavaScript would make the text "null" of it, so
 * that all missing values had the same hash. Plans compiled before keep that meaning.
 */
export const demanding = (functions: Functions): Functions =>
  Object.fromEntries(Object.entries(functions).map(([name, entry]) => [name, refusingNull(name, entry)]));

function refusingNull(name: string, entry: LibraryFunction): LibraryFunction {
  return {
    ...entry,
    before: entry.run,
    run: (fuel, args) => {
      const missing = args.slice(0, entry.takes[0]).findIndex((value) => value === null || value === undefined);
      if (missing >= 0)
        fail(
          'type',
          `${name}, argument ${missing + 1}: a text is needed, not ${kindOf(args[missing])}. If it may be missing, write ?? ''.`,
        );
      return entry.run(fuel, args);
    },
  };
}
