import { z } from 'zod';
import { defineNode } from '../define.ts';
import { json } from '../schema.ts';

const name = () => z.string().min(1).max(63);

/** Runs another workflow. Described here; the interpreter itself runs it, as a child workflow. */
export const run = defineNode({
  type: 'workflow.run',
  version: '1.0.0',
  title: 'Run a workflow',
  description:
    'Runs another workflow of the workspace and returns its output, or with `wait: false` starts it and goes on. ' +
    'If the other one is waited for, it is cancelled whenever this step is stopped: because this run is cancelled or ' +
    'times out, another step fails, or a race is decided.',
  effect: 'exactly-once',
  timeout: '36525d',
  retry: { maxAttempts: 10, delay: '1s', factor: 2, maxDelay: '1m', attemptTimeout: '1m' },
  input: z.strictObject({
    workflow: name().describe('Name of the workflow. An expression here needs `allow`.'),
    allow: z
      .array(name())
      .min(1)
      .optional()
      .describe('Names the expression in `workflow` may result in; any other is refused.'),
    version: z.int().min(1).optional().describe('Version to run. Absent: the one published when it is called.'),
    input: json().optional().describe('Input of the run, checked against the `input` schema of the workflow.'),
    wait: z.boolean().default(true).describe('Wait for its end and return its output; false: return once started.'),
  }),
  output: json().describe('The output of the run, or `{ run }`, the id of the run, if it is not waited for.'),
  examples: [
    { title: 'Call and use the answer', with: { workflow: 'score-lead', input: { email: 'ann@example.com' } } },
    { title: 'Start and go on', with: { workflow: 'send-survey', wait: false } },
  ],
  errors: {
    'run.tooDeep':
      'More runs than the operator allows (20) would be nested, each started by the one above: does a workflow call itself?',
    'run.tooMany':
      'As many runs of the workspace are open as the operator allows (20,000). Tried again: room comes back.',
    'workflow.notFound': 'No such workflow, or no such version of it, is published in the workspace.',
    'workflow.notAllowed': 'The expression in `workflow` gave a name that is not in `allow`.',
    'input.invalid': 'The input does not fit the `input` schema of the workflow.',
  },
  notes:
    'Each step starts one run, also after a crash: the id of the run is derived from the step. A run that is started by ' +
    'a run counts as one deeper, waited for or not, and by `onFailure` too; at most 20 may be nested below the first. ' +
    'What to do about a workflow that starts itself again and again is in [operations](../operations.md#a-workflow-that-runs-away).',
  run: () => {
    throw new Error('workflow.run is run by the interpreter, never as an activity');
  },
});
