import { z } from 'zod';
import { defineNode } from '../define.ts';
import { modelConnection, modelPolicy } from './policy.ts';
import { shapeErrors } from './tasks/errors.ts';
import { asking, confidence, evidence, isBlank, modelField, requireOnePiece } from './tasks/fields.ts';
import { quotesIn } from './tasks/quotes.ts';
import { nothingSpent, spentOutput } from './tasks/spent.ts';
import { within } from './tasks/within.ts';

const SENTIMENTS = ['positive', 'neutral', 'negative', 'mixed'] as const;

const feeling = () => ({
  sentiment: z.enum(SENTIMENTS).describe('`mixed`: clearly both positive and negative.'),
  score: z.number().min(-1).max(1).describe('From -1, very negative, to 1, very positive.'),
});

/** Says how a text feels about what it speaks of. */
export const sentiment = defineNode({
  type: 'ai.sentiment',
  version: '1.0.0',
  title: 'Sentiment of a text',
  description:
    'Says whether a text is positive, neutral, negative or mixed, as a whole and about each aspect that you name.',
  connection: modelConnection,
  ...modelPolicy,
  input: z.strictObject({
    model: modelField(),
    text: z.string().describe('The text.'),
    aspects: z
      .array(z.string().min(1).max(200))
      .max(50)
      .default([])
      .describe('What to look at one by one, such as `price` and `delivery`.'),
    ...asking(),
  }),
  output: z.object({
    ...feeling(),
    confidence: z.number().describe('How sure the model is, from 0 to 1.'),
    evidence: z.array(z.string()).describe('Passages of the text that decide it, to the letter.'),
    aspects: z
      .array(
        z.object({
          aspect: z.string().describe('The aspect.'),
          ...feeling(),
          evidence: z.array(z.string()).describe('Passages about the aspect, to the letter.'),
        }),
      )
      .describe('The aspects of which the text speaks, in your order.'),
    ...spentOutput(),
  }),
  examples: [
    {
      title: 'A review',
      with: {
        model: 'gpt-6-luna',
        text: 'The lamp is beautiful, but it arrived two weeks late.',
        aspects: ['product', 'delivery'],
      },
    },
  ],
  errors: shapeErrors,
  notes: 'An empty text is neutral, without asking the model. An aspect of which the text does not speak is left out.',
  async run(step, { maxCost, model, text, aspects, instructions, reasoning }) {
    const ctx = within(step, maxCost);
    if (isBlank(text)) {
      return {
        sentiment: 'neutral' as const,
        score: 0,
        confidence: 1,
        evidence: [],
        aspects: [],
        ...nothingSpent(model),
      };
    }
    requireOnePiece(text);
    const { askShape } = await import('./tasks/ask-for.ts');
    const { value, spent } = await askShape(ctx, {
      model,
      reasoning,
      name: 'sentiment',
      instructions: [
        'Judge the sentiment of the text: what its author feels, not how you feel about it.',
        ...(aspects.length === 0
          ? []
          : [
              `Judge each of these aspects, too, and leave out those of which the text does not speak: ${aspects.join('; ')}.`,
            ]),
        ...(instructions === undefined ? [] : [instructions]),
      ],
      data: [{ name: 'text', text }],
      shape: aspects.length === 0 ? whole() : withAspects(aspects),
      check: contradictions,
    });
    const found: readonly OfAspect[] = 'aspects' in value ? (value.aspects as OfAspect[]) : [];
    return {
      ...value,
      evidence: quotesIn(text, value.evidence),
      aspects: aspects.flatMap((aspect) => {
        const one = found.find((each) => each.aspect === aspect);
        return one ? [{ ...one, evidence: quotesIn(text, one.evidence) }] : [];
      }),
      ...spent,
    };
  },
});

const ofAspect = (aspects: readonly string[]) =>
  z.strictObject({ aspect: z.enum(aspects), ...feeling(), evidence: evidence() });
type OfAspect = z.output<ReturnType<typeof ofAspect>>;

const whole = () => z.strictObject({ ...feeling(), confidence: confidence(), evidence: evidence() });

const withAspects = (aspects: readonly string[]) =>
  whole().extend({
    aspects: z
      .array(ofAspect(aspects))
      .max(aspects.length)
      .describe('The aspects of which the text speaks, each once.'),
  });

/** A score that says the opposite of the word. */
function contradictions({ sentiment: word, score }: { sentiment: string; score: number }): string[] {
  const opposite = (word === 'positive' && score < 0) || (word === 'negative' && score > 0);
  return opposite ? [`"score" is ${score}, but "sentiment" is ${word}.`] : [];
}
