import fc from 'fast-check';
import { expect, inject, it } from 'vitest';

it('gives fast-check the seed that was printed', () => {
  expect(fc.readConfigureGlobal().seed).toBe(inject('seed'));
});
