import { z } from 'zod';
import { defineNode } from '../define.ts';
import { modelConnection, modelPolicy } from './policy.ts';
import { shapeErrors } from './tasks/errors.ts';
import { asking, modelField, requireOnePiece } from './tasks/fields.ts';
import { spentOutput } from './tasks/spent.ts';
import { within } from './tasks/within.ts';

/** Writes or changes code. */
export const code = defineNode({
  type: 'ai.code',
  version: '1.0.0',
  title: 'Write code',
  description: 'Writes, changes or explains code in a language of your choice. It never runs what it has written.',
  connection: modelConnection,
  ...modelPolicy,
  input: z.strictObject({
    model: modelField('gpt-6.1-sol'),
    task: z
      .string()
      .min(1)
      .max(50_000)
      .describe('What the code should do, or what to change. It is an instruction: put no data of others into it.'),
    language: z
      .string()
      .min(1)
      .max(60)
      .default('javascript')
      .describe(
        'The language, such as `javascript`, `sql`, `python` or `json`. The syntax of JavaScript, JSON and YAML is checked.',
      ),
    code: z.string().optional().describe('Existing code to change or to explain.'),
    data: z.string().optional().describe('What the code works on, such as a sample of rows or an error message.'),
    ...asking(),
  }),
  output: z.object({
    code: z.string().describe('The code, without a fence around it.'),
    language: z.string().describe('The language.'),
    explanation: z.string().describe('What it does, in a few sentences.'),
    ...spentOutput(),
  }),
  examples: [
    {
      title: 'A query',
      with: {
        model: 'gpt-6.1-sol',
        task: 'Revenue per country in 2026',
        language: 'sql',
        data: 'orders(id, country, total, created_at)',
      },
    },
  ],
  errors: shapeErrors,
  notes: `
Nothing runs here: let a person look at the code before \`code.javascript\` or \`postgres.query\` gets it, for example with an \`approval\`. JavaScript, JSON and YAML that does not
parse is sent back to the model, at most twice. Existing code and data are marked as data: comments in them give no orders.
`.trim(),
  async run(step, { maxCost, model, task, language, code: existing = '', data = '', instructions, reasoning }) {
    const ctx = within(step, maxCost);
    requireOnePiece(existing + data);
    const [{ askShape }, { syntaxProblems }, { stepMemory }] = await Promise.all([
      import('./tasks/ask-for.ts'),
      import('./tasks/code-syntax.ts'),
      import('./model/memory.ts'),
    ]);
    const problemsOf = await syntaxProblems(language);
    const { value, spent } = await askShape(ctx, {
      model,
      reasoning,
      name: 'code',
      instructions: [
        `Write code in this language: ${language}. Put the code alone into "code", without a fence, and say in "explanation" what it does.`,
        `The task: ${task}`,
        ...(instructions === undefined ? [] : [instructions]),
      ],
      data: [
        ...(existing === '' ? [] : [{ name: 'existing code', text: existing }]),
        ...(data === '' ? [] : [{ name: 'data', text: data }]),
      ],
      shape: z.strictObject({ code: z.string().min(1), explanation: z.string() }),
      check: (given) => problemsOf(withoutFence(given.code)),
      answerTokens: 16_000,
      memoryOf: stepMemory(ctx),
    });
    return { code: withoutFence(value.code), language, explanation: value.explanation, ...spent };
  },
});

/** Models like to put a fence around code, even where they are told not to. */
const withoutFence = (text: string): string => /^\s*```[^\n]*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;
