import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, runNode } from '../testing/run-node.ts';
import { intent } from './intent.ts';
import { scriptedModel } from './testing/scripted-model.ts';

const model = await scriptedModel();
beforeEach(() => model.reset());
afterAll(() => model.close());

const intents = [
  {
    name: 'reschedule',
    slots: [
      { name: 'day', type: 'date' as const, required: true },
      { name: 'guests', type: 'number' as const },
      { name: 'outside', type: 'boolean' as const, required: true },
    ],
  },
  { name: 'cancel' },
];
const run = (parameters: object = {}) =>
  runNode(intent, model.context(), { model: 'm', text: 'Move it to 5 June, for 4 people.', intents, ...parameters });
const says = (name: string, slots: Record<string, string | null> = {}) => ({
  intent: name,
  confidence: 0.9,
  slots: Object.entries(slots).map(([slot, value]) => ({ name: slot, value })),
  evidence: ['Move it'],
});

describe('ai.intent', () => {
  it('says what is wanted, with the values in their types, and what is missing', async () => {
    model.say(() => says('reschedule', { day: '2026-06-05', guests: '4', outside: null }));
    expect(await run({ now: '2026-05-01' })).toMatchObject({
      intent: 'reschedule',
      slots: { day: '2026-06-05', guests: 4, outside: null },
      missing: ['outside'],
      evidence: ['Move it'],
    });
    expect(model.asked[0]!.instructions).toContain('Today is 2026-05-01.');
  });

  it('asks again for a value that is nothing of its type', async () => {
    model.say(({ nth }) => says('reschedule', { day: nth === 0 ? '2026-02-30' : '2026-06-05', outside: 'true' }));
    expect(await run()).toMatchObject({ slots: { day: '2026-06-05', outside: true, guests: null } });
    expect(model.asked[1]!.texts.join('\n')).toContain('must be a date such as 2026-05-31 or null, not "2026-02-30"');
    model.say(() => says('reschedule', { guests: 'many' }));
    expect((await failure(run())).code).toBe('ai.invalid');
  });

  it('knows no other intent, and gives values of the chosen one only', async () => {
    model.say(() => says('cancel', { day: '2026-06-05' }));
    expect(await run()).toMatchObject({ intent: 'cancel', slots: {}, missing: [] });
    model.say(() => says('delete everything'));
    expect((await failure(run())).code).toBe('ai.invalid');
  });

  it('finds nothing wanted in an empty text, without asking', async () => {
    expect(await run({ text: '', otherwise: 'none' })).toMatchObject({ intent: 'none', slots: {}, cost: '0' });
    expect(model.asked).toEqual([]);
  });
});
