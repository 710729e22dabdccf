import { z } from 'zod';
import { parseMoney } from '../../graph/money.ts';
import { slug } from '../http/fields.ts';

/** An amount of US dollars. */
const money = () =>
  z
    .string()
    .refine(
      (text) => (parseMoney(text) ?? -1n) >= 0n,
      'must be US dollars as a text, such as "5.00", at most 12 decimals',
    )
    .describe('US dollars as a decimal text, such as 12.50.');

export const budgetParams = z.strictObject({ name: slug('a name') });

const scope = z
  .enum(['step', 'run', 'workflow', 'workspace'])
  .describe('What is counted together: the calls of each step, of each run, of each workflow, or of the workspace.');

const period = z
  .enum(['total', 'day', 'month'])
  .describe('In which time; days begin in the time zone of the workspace. Steps and runs are counted in total.');

const kind = z
  .enum(['hard', 'soft'])
  .describe(
    '`hard`: a call that does not fit is not made, its step fails with `ai.budget`. `soft`: people are warned.',
  );

const workflow = slug().describe('Only calls of this workflow.');

export const budgetBody = z
  .strictObject({
    amount: money(),
    scope: scope.default('workspace'),
    period: period.optional(),
    kind: kind.default('hard'),
    workflow: workflow.optional(),
  })
  .refine(({ scope, workflow }) => scope !== 'workspace' || workflow === undefined, {
    path: ['workflow'],
    message: 'is not possible with scope "workspace"; use scope "workflow"',
  })
  .refine(({ scope, period }) => period === undefined || period === 'total' || scope.startsWith('work'), {
    path: ['period'],
    message: 'must be "total" for steps and runs',
  });

export const budget = z
  .object({
    name: z.string(),
    scope,
    workflow: z.string().nullable(),
    period,
    kind,
    amount: z.string().describe('US dollars.'),
    spent: z
      .string()
      .nullable()
      .describe('What counts now, reservations included; null if each run, step or workflow is counted by itself.'),
    left: z.string().nullable().describe('What may still be spent; null as `spent`.'),
    passed: z.boolean().nullable().describe('Whether more was spent than the amount; null as `spent`.'),
    day: z.string().describe('The day of the workspace on which this was counted.'),
    updatedAt: z.string(),
  })
  .meta({ id: 'Budget' });

export const budgetList = z.object({ items: z.array(budget) });
