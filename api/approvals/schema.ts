import { z } from 'zod';
import { json, nextPage, pageCursor, pageLimit, runId, slug, time } from '../http/fields.ts';

export const approvalsQuery = z.strictObject({
  workflow: slug().optional(),
  run: runId().optional(),
  limit: pageLimit(200, { what: 'approvals', usual: 50 }),
  cursor: pageCursor(),
});

const approval = z
  .object({
    run: z.object({ id: z.string(), url: z.string() }),
    workflow: z.string(),
    version: z.int().nullable(),
    step: z.string(),
    title: z.string().nullable().describe('Null also for those who may not see the data of runs.'),
    since: time(),
    until: time().nullable().describe('When its time is over. Null: never.'),
    detail: json().describe(
      'What is to be decided: its message and its form, if it has one. Null for those who may not see the data of runs.',
    ),
    decideUrl: z.string().describe('Takes the decision by POST.'),
  })
  .meta({ id: 'Approval' });

export const approvalPage = z.object({
  items: z.array(approval),
  next: nextPage(),
});

export type WireApproval = z.input<typeof approval>;
