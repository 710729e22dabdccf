/** Gives fast-check the seed of this run (chosen and printed by vitest.config.ts). */
import fc from 'fast-check';
import { inject } from 'vitest';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: inject('seed') });

declare module 'vitest' {
  export interface ProvidedContext {
    seed: number;
  }
}
