import { describe, expect, it } from 'vitest';
import { CLI_ARCHIVES } from './releases.ts';

describe('the archives of the Temporal CLI', () => {
  it('are pinned for every platform', () => {
    const pinned = Object.values(CLI_ARCHIVES);
    expect(pinned).toHaveLength(6);
    for (const { sha256: sum } of pinned) expect(sum).toMatch(/^[0-9a-f]{64}$/);
  });
});
