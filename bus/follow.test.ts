import { expect, it } from 'vitest';
import { createBus } from './bus.ts';
import { changesTopic, hearFollowed, sayFollowed } from './follow.ts';

it('tells of changes only while somebody follows them, and for a while after', () => {
  const bus = createBus();
  let now = 1_000_000;
  const followed = hearFollowed(bus, () => now);
  const told: string[] = [];
  bus.subscribe(changesTopic('a'), () => told.push('a'));
  bus.subscribe(changesTopic('b'), () => told.push('b'));
  followed.tell('a');
  expect(told).toEqual([]);
  sayFollowed(bus, 'a');
  followed.tell('a');
  followed.tell('b');
  now += 29_000;
  followed.tell('a');
  now += 2_000;
  followed.tell('a');
  expect(told).toEqual(['a', 'a']);
});

it('knows which runs are followed', () => {
  const bus = createBus();
  const followed = hearFollowed(bus);
  sayFollowed(bus, 'a', 'r1');
  expect([followed.has('a', 'r1'), followed.has('a', 'r2'), followed.has('b', 'r1')]).toEqual([true, false, false]);
  followed.close();
  sayFollowed(bus, 'a', 'r2');
  expect(followed.has('a', 'r2')).toBe(false);
});

it('forgets the oldest of very many', () => {
  const bus = createBus();
  const followed = hearFollowed(bus);
  for (let n = 0; n <= 10_000; n++) sayFollowed(bus, 'a', `r${n}`);
  expect([followed.has('a', 'r0'), followed.has('a', 'r1'), followed.has('a', 'r10000')]).toEqual([false, true, true]);
});
