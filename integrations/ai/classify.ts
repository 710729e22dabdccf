import { z } from 'zod';
import { defineNode } from '../define.ts';
import { NodeError } from '../error.ts';
import { modelConnection, modelPolicy } from './policy.ts';
import { shapeErrors } from './tasks/errors.ts';
import { asking, confidence, evidence, isBlank, modelField, requireOnePiece } from './tasks/fields.ts';
import { quotesIn } from './tasks/quotes.ts';
import { nothingSpent, spentOutput } from './tasks/spent.ts';
import { within } from './tasks/within.ts';

const input = z
  .strictObject({
    model: modelField(),
    text: z.string().describe('The text to classify.'),
    labels: z.array(z.string().min(1).max(200)).min(2).max(200).describe('The labels. The answer is one of them.'),
    descriptions: z
      .record(z.string(), z.string().max(2_000))
      .optional()
      .describe('What labels mean, by label, where their names do not say it.'),
    otherwise: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe(
        'A further label, for a text that fits none of the others, or is empty. Without it, one of `labels` is chosen.',
      ),
    multiple: z.boolean().default(false).describe('Whether a text may have several labels, or none.'),
    examples: z
      .array(
        z.strictObject({
          text: z.string().max(10_000).describe('A text.'),
          label: z.string().describe('Its label.'),
        }),
      )
      .max(50)
      .default([])
      .describe('Texts with the label that they should get.'),
    ...asking(),
  })
  .refine(({ labels, otherwise }) => new Set([...labels, otherwise]).size === labels.length + 1, {
    message: 'holds a label twice',
    path: ['labels'],
  })
  .refine(({ labels, descriptions = {} }) => Object.keys(descriptions).every((label) => labels.includes(label)), {
    message: 'describes a label that is not in labels',
    path: ['descriptions'],
  })
  .refine(({ labels, otherwise, examples }) => examples.every(({ label }) => [...labels, otherwise].includes(label)), {
    message: 'have a label that is not in labels',
    path: ['examples'],
  });

type Input = z.output<typeof input>;

/** Gives a text one of the author's labels. */
export const classify = defineNode({
  type: 'ai.classify',
  version: '1.0.0',
  title: 'Classify a text',
  description: 'Gives a text one of your labels, or several, with the passages that decide it.',
  connection: modelConnection,
  ...modelPolicy,
  input,
  output: z.object({
    label: z.string().nullable().describe('The label; of several, the surest; null if there is none.'),
    labels: z.array(z.string()).describe('All labels, the surest first.'),
    confidence: z.number().describe('How sure the model is of `label`, from 0 to 1.'),
    scores: z.record(z.string(), z.number()).describe('How sure it is, by label.'),
    evidence: z.array(z.string()).describe('Passages of the text that decide it, to the letter.'),
    ...spentOutput(),
  }),
  examples: [
    {
      title: 'Where a mail belongs',
      with: {
        model: 'gpt-6-luna',
        text: 'I was charged twice in May. Please return one of the payments.',
        labels: ['billing', 'technical', 'sales'],
        otherwise: 'other',
      },
    },
  ],
  errors: { ...shapeErrors, 'ai.empty': 'The text is empty, and there is no `otherwise`.' },
  notes: `
The labels are yours: an answer with another one is not accepted. \`confidence\` is what the model says of itself; compare it with a limit that you have tried, and
let a person decide below it. The text is marked as data: instructions in it change neither the labels nor the answer.
`.trim(),
  async run(step, parameters) {
    const ctx = within(step, parameters.maxCost);
    const { text, labels, otherwise, multiple, model, reasoning } = parameters;
    if (isBlank(text)) return ofNothing(parameters);
    requireOnePiece(text);
    const one = z.strictObject({
      label: z.enum([...labels, ...(otherwise === undefined ? [] : [otherwise])]),
      confidence: confidence(),
    });
    const { askShape } = await import('./tasks/ask-for.ts');
    const found = await askShape(ctx, {
      model,
      reasoning,
      name: 'classification',
      instructions: instructionsOf(parameters),
      data: [{ name: 'text', text }],
      shape: z.strictObject({ labels: z.array(one).max(20), evidence: evidence() }),
      check: ({ labels: given }) => problemsOf(given, multiple),
    });
    const sorted = found.value.labels.toSorted((a, b) => b.confidence - a.confidence);
    return {
      label: sorted[0]?.label ?? null,
      labels: sorted.map(({ label }) => label),
      confidence: sorted[0]?.confidence ?? 0,
      scores: Object.fromEntries(sorted.map(({ label, confidence: sure }) => [label, sure])),
      evidence: quotesIn(text, found.value.evidence),
      ...found.spent,
    };
  },
});

function ofNothing({ otherwise, multiple, model }: Input) {
  if (otherwise === undefined && !multiple) {
    throw new NodeError(
      'ai.empty',
      'There is nothing to classify: `text` is empty. Name a label for this in `otherwise`.',
    );
  }
  const labels = otherwise === undefined ? [] : [otherwise];
  return {
    label: labels[0] ?? null,
    labels,
    confidence: 1,
    scores: Object.fromEntries(labels.map((label) => [label, 1])),
    evidence: [],
    ...nothingSpent(model),
  };
}

function instructionsOf({ labels, descriptions = {}, otherwise, multiple, examples, instructions }: Input): string[] {
  const described = labels.map((label) => `- ${label}${descriptions[label] ? `: ${descriptions[label]}` : ''}`);
  return [
    `Classify the text. ${multiple ? 'Choose all labels that fit, or none.' : 'Choose exactly one label.'} The labels are:`,
    [...described, ...(otherwise === undefined ? [] : [`- ${otherwise}: if none of the others fits`])].join('\n'),
    ...(examples.length === 0 ? [] : ['Examples:', ...examples.map((one) => JSON.stringify(one))]),
    ...(instructions === undefined ? [] : [instructions]),
  ];
}

function problemsOf(given: readonly { label: string }[], multiple: boolean): string[] {
  if (!multiple && given.length !== 1) return [`"labels" must hold exactly one label, not ${given.length}.`];
  const repeated = given.find(({ label }, at) => given.findIndex((other) => other.label === label) !== at);
  return repeated ? [`"labels" holds ${JSON.stringify(repeated.label)} twice.`] : [];
}
