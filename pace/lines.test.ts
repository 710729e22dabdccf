import { expect, it } from 'vitest';
import { createLines, type Lines } from './lines.ts';
import { memoryPace } from './memory.ts';
import { reserve } from './pacing.ts';
import type { Bucket, PaceStore } from './store.ts';

/** A turn each 5 ms. */
const BUCKET: Bucket = { workspace: 'ws', key: 'k', rate: { limit: 200, perMs: 1_000, burst: 1 } };
const SLOW: Bucket = { ...BUCKET, rate: { limit: 1, perMs: 60_000, burst: 1 } };
const NEVER = new AbortController().signal;

const patient = (more: object = {}) => ({ returns: false, patienceMs: 60_000, signal: NEVER, ...more });

/** Lines of a process that has made a call before. */
function experienced(store: PaceStore, bucket = BUCKET): Lines {
  const lines = createLines(store);
  lines.answered(bucket);
  return lines;
}

async function timesOf(lines: readonly Lines[], count: number): Promise<number[]> {
  const begun = performance.now();
  const times = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      expect(await lines[index % lines.length]!.turn(BUCKET, patient())).toBe(0);
      return performance.now() - begun;
    }),
  );
  return times.sort((a, b) => a - b);
}

it('give turns at the whole rate and never faster, in all processes together', async () => {
  const store = memoryPace();
  const times = await timesOf([experienced(store), experienced(store)], 300);
  expect(times.at(-1)).toBeGreaterThan(299 * 5 - 20);
  expect(times.at(-1)).toBeLessThan(299 * 5 * 1.25 + 100);
  // Timers are late now and then, and what is late comes closer to what follows.
  for (const [index, time] of times.entries()) expect(time).toBeGreaterThan(index * 5 - 20);
});

it('keep turns apart that a busy process could not give in time', async () => {
  const bucket: Bucket = { ...BUCKET, rate: { limit: 50, perMs: 1_000, burst: 1 } };
  const lines = experienced(memoryPace(), bucket);
  const busy = setInterval(() => {
    const until = performance.now() + 90;
    while (performance.now() < until);
  }, 300);
  const times = await Promise.all(
    Array.from({ length: 60 }, async () => {
      await lines.turn(bucket, patient());
      return performance.now();
    }),
  );
  clearInterval(busy);
  // A turn each 20 ms: in 30 ms two, one that is late, and the first that is asked for afterwards. Together they would be six.
  for (const from of times)
    expect(times.filter((time) => time >= from && time < from + 30).length).toBeLessThanOrEqual(4);
});

it('let the first call of a process go alone until it is answered', async () => {
  const lines = createLines(memoryPace());
  const begun = performance.now();
  const times: number[] = [];
  const calls = Array.from({ length: 3 }, async () => {
    await lines.turn(BUCKET, patient());
    times.push(performance.now() - begun);
    if (times.length === 1) setTimeout(() => lines.answered(BUCKET), 200);
  });
  await Promise.all(calls);
  expect(times[0]).toBeLessThan(150);
  expect(times[1]).toBeGreaterThan(190);
  expect(times[2]).toBeLessThan(450);
  // The process knows the way from then on.
  const again = performance.now();
  await Promise.all([lines.turn(BUCKET, patient()), lines.turn(BUCKET, patient())]);
  expect(performance.now() - again).toBeLessThan(150);
});

it('give no turn that came before a pause', async () => {
  const lines = experienced(memoryPace());
  const waiting = Array.from({ length: 20 }, () => lines.turn(BUCKET, patient()));
  await waiting[0];
  const paused = performance.now();
  await lines.pause(BUCKET, 300);
  await waiting[3];
  expect(performance.now() - paused).toBeGreaterThan(290);
  await Promise.all(waiting);
});

it('do not shorten a pause by the turns that it has made void', async () => {
  // The store's clock is ahead of ours whenever it is asked, as it can be on a busy machine.
  let time = 0;
  const store = memoryPace(() => (time += 20));
  const lines = experienced(store);
  const controller = new AbortController();
  const turns = Array.from({ length: 20 }, () => lines.turn(BUCKET, patient({ signal: controller.signal })));
  await turns[0];
  await lines.pause(BUCKET, 300);
  const endsAt = time + 300;
  await new Promise((resolve) => setTimeout(resolve, 30));
  controller.abort();
  const { inMs, now } = await store.change(BUCKET, reserve(1));
  expect(now + inMs).toBe(endsAt);
  await Promise.allSettled(turns);
});

it('give no turn that the store gave while a pause was under way', async () => {
  const memory = memoryPace();
  let isSlow = true;
  const lines = experienced({
    change: async (bucket, change) => {
      const told = await memory.change(bucket, change);
      if (isSlow) await new Promise((resolve) => setTimeout(resolve, 50));
      return told;
    },
  });
  const begun = performance.now();
  const waiting = lines.turn(BUCKET, patient({ returns: true }));
  await lines.pause(BUCKET, 300);
  isSlow = false;
  await waiting;
  expect(performance.now() - begun).toBeGreaterThan(290);
});

it('give the turns back that nobody wants any more', async () => {
  const store = memoryPace();
  const lines = createLines(store);
  const rate = { limit: 1, perMs: 86_400_000, burst: 2 };
  const daily: Bucket = { ...BUCKET, key: 'daily', rate };
  await store.change(daily, reserve(1));
  const stop = new AbortController();
  const waiting = lines.turn(daily, patient({ signal: stop.signal, returns: true }));
  stop.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
  await expect.poll(() => lines.turn(daily, patient({ returns: true, patienceMs: 100 }))).toBe(0);
});

it('ask the store a few times for a crowd', async () => {
  let asked = 0;
  const memory = memoryPace();
  const store: PaceStore = {
    change: (bucket, change) => {
      asked++;
      return memory.change(bucket, change);
    },
  };
  await timesOf([experienced(store)], 100);
  expect(asked).toBeLessThan(25);
});

it('send those away who would wait too long, each to a time of its own', async () => {
  const lines = experienced(memoryPace());
  const impatient = patient({ patienceMs: 2_000 });
  const told = await Promise.all(Array.from({ length: 1_000 }, () => lines.turn(BUCKET, impatient)));
  const away = told.filter((ms) => ms > 0).sort((a, b) => a - b);
  expect(away.length).toBeGreaterThan(550);
  expect(away[0]).toBeGreaterThanOrEqual(1_000);
  expect(away.at(-1)).toBeGreaterThan(2_900);
  expect(away.at(-1)).toBeLessThan(5_000);
  expect(new Set(away.map(Math.round)).size).toBeGreaterThan(away.length * 0.6);
});

it('let newcomers stand behind those who wait elsewhere', async () => {
  const lines = createLines(memoryPace());
  expect(await lines.turn(SLOW, patient())).toBe(0);
  expect(await lines.turn(SLOW, patient({ patienceMs: 0 }))).toBeGreaterThan(57_900);
  // A newcomer stands behind the one that waits elsewhere.
  expect(await lines.turn(SLOW, patient({ patienceMs: 0 }))).toBeGreaterThan(117_900);
});

it('hold everybody up during a pause', async () => {
  const store = memoryPace();
  const [here, there] = [createLines(store), createLines(store)];
  const begun = performance.now();
  await here.pause(BUCKET, 300);
  expect(await there.turn(BUCKET, patient())).toBe(0);
  expect(performance.now() - begun).toBeGreaterThan(290);
  await here.pause(BUCKET, 60_000);
  expect(await there.turn(BUCKET, patient({ patienceMs: 2_000, returns: true }))).toBeGreaterThan(50_000);
});

it('are left by those who do not want their turn any more', async () => {
  const lines = createLines(memoryPace());
  await lines.turn(SLOW, patient());
  const stop = new AbortController();
  const waiting = lines.turn(SLOW, patient({ patienceMs: 600_000, signal: stop.signal }));
  stop.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
});

it('tell everybody in line if the store fails, and work again afterwards', async () => {
  let isAway = true;
  const memory = memoryPace();
  const lines = createLines({
    change: async (bucket, change) => {
      if (isAway) throw new Error('away');
      return memory.change(bucket, change);
    },
  });
  const both = await Promise.allSettled([
    lines.turn(BUCKET, patient()),
    lines.turn(BUCKET, patient({ returns: true })),
  ]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isAway = false;
  expect(await lines.turn(BUCKET, patient())).toBe(0);
});
