import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../scripts/fuzz/random.ts';
import type { Case } from './case.ts';
import type { OutsideWorld } from './outside-world.ts';
import { finishCase, type Place, prepareCase, startPrepared } from './run-case.ts';
import type { KillableBlok, Victim } from './start-blok.ts';

/** A moment in the middle of a run. */
export type Moment =
  /** The run has done something to the world, and the answer has not arrived yet. */
  | { readonly at: 'answer'; readonly call: number }
  /** The run waits for somebody. */
  | { readonly at: 'wait'; readonly index: number }
  /** This many milliseconds after the start was requested. */
  | { readonly at: 'time'; readonly ms: number };

/** Where a kill happens: Blok, and the outside world that watches. */
export interface Scene {
  readonly blok: KillableBlok;
  readonly outside: OutsideWorld;
  /** How long a case may take, with a kill. */
  readonly limitMs: number;
}

/** What a kill did. */
export interface Killed {
  /** Differences from the case; empty if there are none. */
  readonly wrong: readonly string[];
  /** When the run began, when the kill happened, and when the run ended, as ISO times. */
  readonly times: readonly [began: string, killed: string, ended: string];
  /** Mails that arrived more than once, under the same Message-ID. */
  readonly mailsAgain: number;
  /** From the kill until `health/ready` answered 200. */
  readonly readyMs: number;
  /** From the kill until the run's end. */
  readonly endMs: number;
}

const placeOf = ({ blok, outside }: Scene): Place => ({ api: blok.api, world: outside.world, inProcess: true });

/** Runs a case undisturbed, and lists the moments in its middle at which a kill can happen. */
export async function momentsOf(scene: Scene, one: Case): Promise<{ wrong: string[]; moments: Moment[] }> {
  const place = placeOf(scene);
  const prepared = await prepareCase(place, one);
  const watched = scene.outside.watch();
  const started = await startPrepared(place, prepared, { limitMs: 0 });
  const { run, wrong } = await finishCase(place, started, { limitMs: scene.limitMs });
  const tookMs = Date.parse(run.endedAt!) - Date.parse(run.startedAt);
  const moments: Moment[] = [
    ...Array.from({ length: watched.calls() }, (_, index) => ({ at: 'answer' as const, call: index + 1 })),
    ...(one.during ?? []).map((_, index) => ({ at: 'wait' as const, index })),
  ];
  return { wrong, moments: moments.length > 0 ? moments : [{ at: 'time', ms: tookMs }] };
}

/** Runs a case, kills something in its middle, heals it, and compares how the run ended with how it should. */
export async function killDuring(
  scene: Scene,
  one: Case,
  options: { victim: Victim; moment: Moment; random: Random },
): Promise<Killed> {
  const { victim, moment } = options;
  const { blok, outside, limitMs } = scene;
  const place = placeOf(scene);
  let killedAt = 0;
  let healed: Promise<number> | undefined;
  const strike = async () => {
    killedAt = Date.now();
    await blok.kill(victim);
    healed = blok.heal(victim).then(() => Date.now() - killedAt);
    healed.catch(() => undefined);
  };

  const prepared = await prepareCase(place, one);
  outside.watch((call) => (moment.at === 'answer' && call === moment.call && !healed ? strike() : undefined));
  const later = moment.at === 'time' ? sleep(options.random.int(moment.ms + 1)).then(strike) : undefined;
  const finish = async () => {
    const started = await startPrepared(place, prepared, { limitMs });
    await later;
    return finishCase(place, started, {
      limitMs,
      killed: true,
      onWait: async (index) => {
        if (moment.at === 'wait' && index === moment.index) await strike();
      },
    });
  };
  // However this case ends, everything must be running again for the next case.
  const { run, seen, wrong } = await finish().finally(() => healed);
  if (!healed) return { wrong: [...wrong, `it was over before ${JSON.stringify(moment)}`], ...NOTHING };
  const readyMs = await healed;
  const endedAt = Date.parse(run.endedAt!);
  return {
    wrong,
    times: [run.startedAt, new Date(killedAt).toISOString(), run.endedAt!],
    mailsAgain: seen.mailsAgain,
    readyMs,
    endMs: endedAt - killedAt,
  };
}

const NOTHING = { times: ['', '', ''], mailsAgain: 0, readyMs: 0, endMs: 0 } as const;
