/**
 * Tests that need something a machine may lack. They are never skipped silently: `npm test` lists their names and the
 * reason at its end.
 */
import { describe, inject } from 'vitest';
import { cachedSurfpool, whyNoSurfpool } from '../../embedded/chain/surfpool.ts';
import { findProgram } from '../../embedded/process/find-program.ts';
import { whyNoOtherClock } from './temporal/other-clock.ts';
import { cachedServerPrograms } from './temporal/server.ts';
import { cachedTimeSkippingServer } from './temporal/time-skipping.ts';

/** What a test can need beyond Node and the embedded Postgres. */
export type Need =
  | 'temporal'
  | 'temporal-server'
  | 'time-skipping'
  | 'surfpool'
  | 'other-clock'
  | 'chromium'
  | 'redis'
  | 'linux'
  | 'git';

const REASONS: Record<Need, () => string | undefined> = {
  temporal: () => {
    const temporal = inject('temporal');
    return 'missing' in temporal ? temporal.missing : undefined;
  },
  'temporal-server': () => notFetched('Temporal server', 'Go', cachedServerPrograms()),
  'time-skipping': () => notFetched('the time-skipping server', 'pip', cachedTimeSkippingServer()),
  surfpool: () => whyNoSurfpool() ?? notFetched('Surfpool', 'npm', cachedSurfpool()),
  'other-clock': () => {
    const temporal = inject('temporal');
    return 'missing' in temporal ? temporal.missing : whyNoOtherClock(temporal.cli);
  },
  chromium: () => (findChromium() ? undefined : 'no Chromium or Chrome on PATH'),
  redis: () => (findProgram('redis-server') ? undefined : 'no redis-server on PATH'),
  git: () => (findProgram('git') ? undefined : 'no git on PATH'),
  linux: () => (process.platform === 'linux' ? undefined : `this is ${process.platform}, not Linux`),
};

/**
 * `describe` for tests that need these things. The name of skipped tests says what is missing.
 * @example describeWith(['temporal'], 'a run', () => { it('ends', ...) })
 */
export function describeWith(needs: readonly Need[], name: string, body: () => void): void {
  const reasons = needs.map((need) => REASONS[need]()).filter((reason) => reason !== undefined);
  const reason = reasons.join('; ');
  // The summary of `npm test` prints the name and the reason of what was skipped.
  describe.skipIf(reason !== '')(reason ? `${name} [skipped: ${reason}]` : name, body);
}

/** Path of a browser that playwright-core can drive, or undefined. */
export function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return names.map((name) => findProgram(name)).find((path) => path !== undefined);
}

function notFetched(name: string, by: string, found: unknown): string | undefined {
  return found ? undefined : `${name} is not on this machine; npm test gets it where there is ${by}`;
}
