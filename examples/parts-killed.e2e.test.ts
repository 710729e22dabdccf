import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { randomOf } from '../scripts/fuzz/random.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { type Case, loadExamples } from './testing/case.ts';
import { killDuring, momentsOf, type Scene } from './testing/kill-case.ts';
import { startOutsideWorld } from './testing/outside-world.ts';
import { startBlok } from './testing/start-blok.ts';

const LIMIT_MS = 150_000;
/** Calls that may be in flight at a time: four parts of the report, and the question about it. */
const IN_FLIGHT = 5;

const seed = inject('seed');
const one: Case = loadExamples().find(({ name }) => name === 'summarize-report')!.cases[0]!;
let scene: Scene;

/** How many answers of the model have been made, and would have to be paid for. */
async function answersMade(): Promise<number> {
  const response = await fetch(`${scene.outside.world}/effects`);
  const { items } = (await response.json()) as { items: { name: string; calls: number }[] };
  return items.filter(({ name }) => name === 'model answer').reduce((sum, { calls }) => sum + calls, 0);
}

async function counted<T>(work: () => Promise<T>): Promise<{ made: number; result: T }> {
  const before = await answersMade();
  const result = await work();
  return { made: (await answersMade()) - before, result };
}

describeWith(['temporal'], 'a long text that is read in parts', () => {
  beforeAll(async () => {
    const outside = await startOutsideWorld();
    const blok = await startBlok({ ...outside.env, TEMPORAL_CLI_PATH: sharedTemporal().cli });
    scene = { blok, outside, limitMs: LIMIT_MS };
  }, 180_000);
  afterAll(async () => {
    await scene?.blok.stop();
    await scene?.outside.close();
  });

  it('pays for no finished part twice after a kill -9', { timeout: 4 * LIMIT_MS }, async () => {
    const { made: usual, result } = await counted(() => momentsOf(scene, one));
    expect(result.wrong).toEqual([]);
    expect(usual).toBeGreaterThan(IN_FLIGHT + 2);
    // Late enough that paying for everything again would show.
    const late = result.moments.filter((moment) => moment.at === 'answer' && moment.call > IN_FLIGHT + 1);
    const moments = process.env.BLOK_KILLS === 'all' ? late : [late[0]!, late.at(-1)!];
    for (const moment of moments) {
      const killed = await counted(() => killDuring(scene, one, { victim: 'Blok', moment, random: randomOf(seed, 1) }));
      expect({ moment, wrong: killed.result.wrong }).toEqual({ moment, wrong: [] });
      expect(killed.made).toBeGreaterThanOrEqual(usual);
      expect(killed.made).toBeLessThanOrEqual(usual + IN_FLIGHT);
    }
  });
});
