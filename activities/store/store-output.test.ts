import { expect, it } from 'vitest';
import { requireShallow } from './store-output.ts';

const nested = (levels: number) => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 ? [value] : { value };
  return value;
};

it('refuses an output that is nested so deeply that walking through it takes too much stack', () => {
  for (const value of [null, 'text', new Uint8Array(3), nested(1_000)])
    expect(() => requireShallow(value)).not.toThrow();
  for (const levels of [1_001, 300_000]) {
    expect(() => requireShallow(nested(levels))).toThrow(
      expect.objectContaining({ code: 'output.tooDeep', retryable: false, unknown: false }),
    );
  }
});
