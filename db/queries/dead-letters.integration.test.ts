import { expect, it } from 'vitest';
import { compile } from '../../graph/compile/index.ts';
import { useDatabase } from '../testing/tenants.ts';
import {
  countDeadLetters,
  deadLetters,
  forgetDeadLetters,
  MOST_DEAD_LETTERS,
  noteDeadLetters,
} from './dead-letters.ts';
import { dropTriggers, settleTrigger, takeDueTriggers, wantTriggers } from './triggers.ts';
import { publishWorkflow } from './workflows/versions.ts';

const store = useDatabase();
const of = { workflow: 'watching', trigger: 'feed' };
const letter = (key: string) => ({ key, place: 'slot 7', reason: 'It is garbled.' });
const keys = async (before?: number) =>
  (await store.inside((tx) => deadLetters(tx, { ...of, before, limit: 3 }))).map(({ key }) => key);

it('are listed once, the newest first, page by page, and the oldest go when there are too many', async () => {
  const graph = { blok: 1 as const, name: 'watching', nodes: {}, triggers: { feed: { uses: 'rss.newItem' } } };
  const { plan } = compile(graph, new Map());
  await store.inside(async (tx) => {
    await publishWorkflow(tx, { graph, plan: plan!, hash: 'h' });
    const triggers = [{ id: 'feed', uses: 'rss.newItem', addressed: false }];
    await wantTriggers(tx, { workflow: 'watching', version: 1, triggers, keyring: {} as never });
  });
  const note = (letters: readonly string[]) =>
    store.inside((tx) => noteDeadLetters(tx, { ...of, letters: letters.map(letter) }));
  await note(['a', 'b']);
  await note(['b', 'c', 'd']);
  expect(await keys()).toEqual(['d', 'c', 'b']);
  const [last] = (await store.inside((tx) => deadLetters(tx, { ...of, limit: 3 }))).slice(-1);
  expect(await keys(last!.seq)).toEqual(['a']);
  const many = Array.from({ length: MOST_DEAD_LETTERS - 1 }, (_, index) => `k${index}`);
  await note(many);
  const count = () => store.inside((tx) => countDeadLetters(tx, { workflow: 'watching' }));
  expect(await count()).toEqual([{ ...of, count: MOST_DEAD_LETTERS }]);
  expect((await store.inside((tx) => deadLetters(tx, { ...of, limit: 2_000 }))).at(-1)!.key).toBe('d');
  expect(await store.inside((tx) => forgetDeadLetters(tx, of))).toBe(MOST_DEAD_LETTERS);
  await note(['z']);
  await store.inside((tx) => dropTriggers(tx, { workflow: 'watching' }));
  const [row] = await store.inside((tx) => takeDueTriggers(tx, { limit: 1 }));
  await store.inside((tx) => settleTrigger(tx, { row: row!, settled: { state: 'off' } }));
  expect(await count()).toEqual([]);
});
