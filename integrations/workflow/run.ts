import { z } from 'zod';
import { defineNode } from '../define.ts';
import { json } from '../schema.ts';

const name = () => z.string().min(1).max(63);

/** Runs another workflow. The node is only described here: the interpreter itself runs it, as a child workflow. */
export const run = defineNode({
  type: 'workflow.run',
  version: '1.0.0',
  title: 'Run a workflow',
  description:
    'Runs another workflow of the workspace and returns its output, or with `wait: false` starts it and goes on. ' +
    'If the step waits for the other run, that run is cancelled whenever this step is stopped: because this run is ' +
    'cancelled or times out, another step fails, or a race is decided.',
  effect: 'exactly-once',
  timeout: '36525d',
  retry: { maxAttempts: 10, delay: '1s', factor: 2, maxDelay: '1m', attemptTimeout: '1m' },
  input: z.strictObject({
    workflow: name().describe('Name of the workflow. An expression here needs `allow`.'),
    allow: z
      .array(name())
      .min(1)
      .optional()
      .describe('Names that the expression in `workflow` may yield; any other name is refused.'),
    version: z
      .int()
      .min(1)
      .optional()
      .describe('Version to run. Default: the version that is published at the time of the call.'),
    input: json().optional().describe('Input of the run, checked against the `input` schema of the workflow.'),
    wait: z
      .boolean()
      .default(true)
      .describe('Wait for the other run to end and return its output. False: return once it has started.'),
  }),
  output: json().describe('The output of the run; with `wait: false`, `{ run }` with the id of the run.'),
  examples: [
    { title: 'Call and use the answer', with: { workflow: 'score-lead', input: { email: 'ann@example.com' } } },
    { title: 'Start and go on', with: { workflow: 'send-survey', wait: false } },
  ],
  errors: {
    'run.tooDeep':
      'Runs would be nested deeper than the operator allows (20), each started by the one above. Does a workflow call itself?',
    'run.tooMany': 'The workspace has as many open runs as the operator allows (20,000). Retried, because runs end.',
    'workflow.notFound': 'No such workflow, or no such version of it, is published in the workspace.',
    'workflow.notAllowed': 'The expression in `workflow` gave a name that is not in `allow`.',
    'input.invalid': 'The input does not fit the `input` schema of the workflow.',
    'schema.tooCostly': 'To check the input against the `input` schema of the workflow takes more than 100 ms.',
  },
  notes:
    'Each step starts exactly one run, even after a crash: the id of the run is derived from the step. A run that another ' +
    'run starts is nested one level deeper, whether or not it is waited for, and also if `onFailure` starts it; at most ' +
    '20 may be nested below the first. What to do about a workflow that starts itself again and again is in ' +
    '[operations](../operations.md#a-workflow-that-runs-away).',
  run: () => {
    throw new Error('workflow.run is run by the interpreter, never as an activity');
  },
});
