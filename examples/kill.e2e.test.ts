import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { randomOf } from '../scripts/fuzz/random.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { type Case, loadExamples } from './testing/case.ts';
import { type Killed, killDuring, momentsOf, type Scene } from './testing/kill-case.ts';
import { startOutsideWorld } from './testing/outside-world.ts';
import { startBlok, type Victim } from './testing/start-blok.ts';

/** `BLOK_KILLS=all` kills everything in the middle of every case; otherwise the seed chooses a few cases. */
const ALL = process.env.BLOK_KILLS === 'all';
const SLICE = 8;
const VICTIMS: readonly Victim[] = ['Blok', 'Temporal', 'Postgres', 'all'];
/** Cases that wait a minute before their middle: run only with `BLOK_KILLS=all`. */
const LONG = ['nobody decides for a minute, then the head rejects'];

/** Time for a case with a kill and a restart of everything. */
const LIMIT_MS = 150_000;

interface Kill {
  readonly example: string;
  readonly one: Case;
  readonly victim: Victim;
}

const seed = inject('seed');
let scene: Scene;
const done: (Kill & Killed)[] = [];

function kills(): Kill[] {
  const cases = loadExamples().flatMap(({ name, cases }) => cases.map((one) => ({ example: name, one })));
  if (ALL) return cases.flatMap((one) => VICTIMS.map((victim) => ({ ...one, victim })));
  const { int } = randomOf(seed, 0);
  const left = cases.filter(({ one }) => !LONG.includes(one.name));
  return Array.from({ length: SLICE }, (_, index) => ({
    ...left.splice(int(left.length), 1)[0]!,
    victim: VICTIMS[index % VICTIMS.length]!,
  }));
}

// `kill -9` in the middle of an example: the example ends as if nothing had happened, and each effect happened once.
describeWith(['temporal'], 'a kill -9 in the middle of a run', () => {
  beforeAll(async () => {
    const outside = await startOutsideWorld();
    const blok = await startBlok({ ...outside.env, TEMPORAL_CLI_PATH: sharedTemporal().cli });
    scene = { blok, outside, limitMs: LIMIT_MS };
  }, 180_000);
  afterAll(async () => {
    console.log(figures());
    await scene?.blok.stop();
    await scene?.outside.close();
    // One short run may be over before its kill; if all are, nothing was proven.
    if (done.length >= 8) expect(done.filter(isInTheMiddle).length).toBeGreaterThan(0);
  });

  describe.each(kills().map((kill, index) => ({ ...kill, ending: kill.one.name, index })))(
    '$example ($ending)',
    ({ example, one, victim, index }) => {
      it(`survives that of ${victim === 'all' ? 'everything' : victim}`, { timeout: 2 * LIMIT_MS }, async () => {
        const random = randomOf(seed, index + 1);
        const { wrong, moments } = await momentsOf(scene, one);
        expect(wrong).toEqual([]);
        const moment = random.pick(moments);
        const killed = await killDuring(scene, one, { victim, moment, random });
        done.push({ example, one, victim, ...killed });
        expect({ moment, wrong: killed.wrong }).toEqual({ moment, wrong: [] });
        // A short run may be over before the signal arrives: the figures say how many runs were hit in the middle.
      });
    },
  );
});

/** Whether the kill happened between the start and the end of the run. */
const isInTheMiddle = ({ times: [began, killed, ended] }: (typeof done)[number]): boolean =>
  began <= killed && killed < ended;

function figures(): string {
  const seconds = (all: readonly number[], at: number) =>
    `${((all.toSorted((a, b) => a - b)[Math.floor((all.length - 1) * at)] ?? 0) / 1000).toFixed(1)} s`;
  const lines = VICTIMS.map((victim) => {
    const of = done.filter((kill) => kill.victim === victim);
    const counts = [
      of.length,
      of.filter(isInTheMiddle).length,
      of.filter(({ wrong }) => wrong.length > 0).length,
      of.reduce((sum, { mailsAgain }) => sum + mailsAgain, 0),
    ];
    const ready = of.map(({ readyMs }) => readyMs);
    const end = of.map(({ endMs }) => endMs);
    return `| ${victim} | ${counts.join(' | ')} | ${seconds(ready, 0.5)}, ${seconds(ready, 1)} | ${seconds(end, 0.5)}, ${seconds(end, 1)} |`;
  });
  return [
    `seed ${seed}`,
    '| killed | kills | in the middle of the run | wrong | mails again | ready after (median, longest) | run ended after |',
    ...lines,
  ].join('\n');
}
