import { z } from 'zod';
import type { Json } from '../../graph/json.ts';
import { defineNode } from '../define.ts';
import { json } from '../schema.ts';
import { modelConnection, modelPolicy } from './policy.ts';
import { shapeErrors } from './tasks/errors.ts';
import { asking, confidence, evidence, isBlank, modelField, requireOnePiece } from './tasks/fields.ts';
import { quotesIn } from './tasks/quotes.ts';
import { nothingSpent, spentOutput } from './tasks/spent.ts';
import { within } from './tasks/within.ts';

const slot = z.strictObject({
  name: z.string().min(1).max(100).describe('Name of the value in the output.'),
  type: z
    .enum(['text', 'number', 'boolean', 'date'])
    .default('text')
    .describe('What it is. A date becomes a text such as `2026-05-31`.'),
  description: z.string().max(2_000).optional().describe('What it means.'),
  required: z.boolean().default(false).describe('Whether the intent is incomplete without it.'),
});

const input = z
  .strictObject({
    model: modelField(),
    text: z.string().describe('What somebody wrote or said.'),
    intents: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(100).describe('Name of the intent.'),
          description: z.string().max(2_000).optional().describe('When somebody has it.'),
          slots: z.array(slot).max(50).default([]).describe('Values to take from the text.'),
        }),
      )
      .min(1)
      .max(100)
      .describe('What people may want.'),
    otherwise: z
      .string()
      .min(1)
      .max(100)
      .default('other')
      .describe('Name of the intent of a text that shows none of the others, or is empty.'),
    now: z.string().max(100).optional().describe('The present date, so that words such as "tomorrow" become dates.'),
    ...asking(),
  })
  .refine(
    ({ intents, otherwise }) => new Set([...intents.map(({ name }) => name), otherwise]).size === intents.length + 1,
    {
      message: 'hold a name twice',
      path: ['intents'],
    },
  );

type Input = z.output<typeof input>;
type Slot = z.output<typeof slot>;

/** Says what somebody wants, with the values they gave. */
export const intent = defineNode({
  type: 'ai.intent',
  version: '1.0.0',
  title: 'Intent of a text',
  description:
    'Says what the author of a text wants, one of your intents, and takes the values from the text that it needs.',
  connection: modelConnection,
  ...modelPolicy,
  input,
  output: z.object({
    intent: z.string().describe('Name of the intent, or `otherwise`.'),
    confidence: z.number().describe('How sure the model is, from 0 to 1.'),
    slots: z
      .record(z.string(), json())
      .describe('The values of the intent, by name; null for those that the text does not give.'),
    missing: z.array(z.string()).describe('Names of required values that the text does not give: ask for them.'),
    evidence: z.array(z.string()).describe('Passages of the text that decide it, to the letter.'),
    ...spentOutput(),
  }),
  examples: [
    {
      title: 'What a customer wants',
      with: {
        model: 'gpt-6-luna',
        text: 'Could you move my appointment to next Friday?',
        now: '2026-05-04',
        intents: [
          { name: 'reschedule', slots: [{ name: 'day', type: 'date', required: true }] },
          { name: 'cancel', description: 'Wants no appointment any more' },
        ],
      },
    },
  ],
  errors: shapeErrors,
  notes: `
Values are checked against their type; what is not a number, a date or a truth value is asked for again. A value is never made up: what the text does not give is null.
`.trim(),
  async run(step, parameters) {
    const ctx = within(step, parameters.maxCost);
    const { model, text, intents, otherwise, reasoning } = parameters;
    if (isBlank(text)) {
      return { intent: otherwise, confidence: 1, slots: {}, missing: [], evidence: [], ...nothingSpent(model) };
    }
    requireOnePiece(text);
    const { askShape } = await import('./tasks/ask-for.ts');
    const names = [...new Set(intents.flatMap(({ slots }) => slots.map(({ name }) => name)))];
    const { value, spent } = await askShape(ctx, {
      model,
      reasoning,
      name: 'intent',
      instructions: instructionsOf(parameters),
      data: [{ name: 'text', text }],
      shape: names.length === 0 ? choice(parameters) : withSlots(parameters, names),
      check: (given) => [...problemsOf(parameters, given.intent, givenIn(given))],
    });
    const chosen = intents.find(({ name }) => name === value.intent);
    const slots = Object.fromEntries((chosen?.slots ?? []).map((one) => [one.name, slotValue(one, givenIn(value))]));
    return {
      intent: value.intent,
      confidence: value.confidence,
      slots,
      missing: (chosen?.slots ?? [])
        .filter(({ name, required }) => required && slots[name] === null)
        .map(({ name }) => name),
      evidence: quotesIn(text, value.evidence),
      ...spent,
    };
  },
});

type Given = readonly { readonly name: string; readonly value: string | null }[];

const givenIn = (answer: object): Given => ('slots' in answer ? (answer.slots as Given) : []);

const choice = ({ intents, otherwise }: Input) =>
  z.strictObject({
    intent: z.enum([...intents.map(({ name }) => name), otherwise]),
    confidence: confidence(),
    evidence: evidence(),
  });

const withSlots = (parameters: Input, names: readonly string[]) =>
  choice(parameters).extend({
    slots: z
      .array(z.strictObject({ name: z.enum(names), value: z.string().nullable() }))
      .max(names.length)
      .describe('The values of the intent that the text gives; null for one that it does not give.'),
  });

function instructionsOf({ intents, otherwise, now, instructions }: Input): string[] {
  const lines = intents.flatMap(({ name, description, slots }) => [
    `- ${name}${description ? `: ${description}` : ''}`,
    ...slots.map((one) => `  - value ${one.name}, ${FORMS[one.type]}${one.description ? `: ${one.description}` : ''}`),
  ]);
  return [
    'Say what the author of the text wants. Choose one intent, and give the values for it that the text holds. Make no value up. The intents are:',
    [...lines, `- ${otherwise}: if none of the others fits`].join('\n'),
    ...(now === undefined ? [] : [`Today is ${now}.`]),
    ...(instructions === undefined ? [] : [instructions]),
  ];
}

const FORMS: Readonly<Record<Slot['type'], string>> = {
  text: 'a text',
  number: 'a number such as 12.5',
  boolean: 'true or false',
  date: 'a date such as 2026-05-31',
};

function* problemsOf({ intents }: Input, name: string, slots: Given): Generator<string> {
  for (const one of intents.find((each) => each.name === name)?.slots ?? []) {
    const given = slots.find((each) => each.name === one.name)?.value?.trim() ?? '';
    if (given !== '' && slotValue(one, slots) === null) {
      yield `The value of "${one.name}" must be ${FORMS[one.type]} or null, not ${JSON.stringify(given.slice(0, 100))}.`;
    }
  }
}

/** The value of a slot in its type; null if it is not given, or is nothing of that type. */
function slotValue({ name, type }: Slot, slots: Given): Json {
  const text = slots.find((each) => each.name === name)?.value?.trim() ?? '';
  if (text === '') return null;
  switch (type) {
    case 'number':
      return Number.isFinite(Number(text)) ? Number(text) : null;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : null;
    case 'date':
      return isDate(text) ? text : null;
    default:
      return text;
  }
}

function isDate(text: string): boolean {
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return date !== null && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
