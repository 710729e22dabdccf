import { readdirSync, readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describe, expect, inject, it } from 'vitest';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { javascript } from './javascript.ts';
import { chooseWall } from './sandbox.ts';
import { BOMBS, ESCAPES, limitOf, TRACES } from './testing/hostile-scripts.ts';
import type { Wall } from './walls.ts';

const corpus = [...ESCAPES, ...BOMBS];
const WALLS = ['bwrap', 'namespaces', 'process'] as const;

/** How often all of it is tried: three times behind each wall with `BLOK_SCALE=all`, otherwise behind the wall that the seed chooses. */
const roundsBehind = (wall: Wall): number =>
  process.env.BLOK_SCALE === 'all' || wall === WALLS[inject('seed') % WALLS.length] ? 3 : 1;
const CODES = /^code\.(error|syntax|timeout|memory|pending|output)$/;

/** Does all of the work, four pieces at a time. */
async function fewAtOnce(work: readonly (() => Promise<void>)[]): Promise<void> {
  const left = work[Symbol.iterator]();
  const hand = async (): Promise<void> => {
    for (const piece of left) await piece();
  };
  await Promise.all(Array.from({ length: 4 }, hand));
}

/** Processes started by this one, by their command lines (Linux). */
function children(): string[] {
  const commands = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        const [, parent] = /\)\s\S\s(\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        return Number(parent) === process.pid ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
      } catch {
        return '';
      }
    });
  return commands.filter((command) => command.includes('blokOutcome'));
}

describe('the sandbox under abuse', () => {
  it.each(WALLS.map((wall) => [wall, roundsBehind(wall)] as const))(
    'outlives the whole corpus behind the wall "%s", %i times over',
    async (wall: Wall, rounds) => {
      const works = await chooseWall(wall).then(
        () => true,
        () => false,
      );
      if (!works) {
        console.warn(`This machine does not offer the wall "${wall}": nothing was tried behind it.`);
        expect(wall).not.toBe('process');
        return;
      }
      const delay = monitorEventLoopDelay({ resolution: 10 });
      delay.enable();
      const ctx = fakeContext({ options: { codeSandbox: wall } });
      let good = 0;
      const attempts = Array.from({ length: rounds }, (_, n) => n + 1).flatMap((round) =>
        corpus.map((abuse) => async () => {
          const { name, source, codes } = abuse;
          const outcome = await runNode(javascript, ctx, { source, input: {}, timeout: limitOf(abuse) }).then(
            (value) => ({ code: 'returned', text: JSON.stringify(value) }),
            (error: { code: string; message: string }) => ({ code: error.code, text: error.message }),
          );
          expect(outcome.text, `${name}, round ${round}`).not.toMatch(TRACES);
          if (codes) expect(codes, `${name}, round ${round}`).toContain(outcome.code);
          else if (outcome.code !== 'returned') expect(outcome.code).toMatch(CODES);
        }),
      );
      // An honest script gets its answer, too.
      const honest = Array.from({ length: 10 }, (_, n) => async () => {
        expect(await runNode(javascript, ctx, { source: 'return input + 1', input: n })).toBe(n + 1);
        good += 1;
      });
      await fewAtOnce([...attempts, ...honest]);
      delay.disable();
      expect(attempts.length).toBeGreaterThan(65 * rounds);
      expect(good).toBe(10);
      expect(JSON.stringify(ctx.logged)).not.toMatch(TRACES);
      expect(delay.max / 1e6).toBeLessThan(1000);
      if (process.platform === 'linux') expect(children()).toEqual([]);
    },
    300_000,
  );
});
