import { expect, it } from 'vitest';
import { depthBelow } from './depth.ts';

it('counts the runs above, up to the limit', () => {
  const deps = { maxDepth: 2 };
  expect(depthBelow(deps, 'itself')).toBe(1);
  expect(depthBelow(deps, 'itself', 1)).toBe(2);
  expect(() => depthBelow(deps, 'itself', 2)).toThrow(
    expect.objectContaining({
      code: 'run.tooDeep',
      message: expect.stringMatching(/^itself .* 3 runs .* 2 .*BLOK_MAX_DEPTH/),
    }),
  );
});
