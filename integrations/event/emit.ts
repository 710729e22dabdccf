import { z } from 'zod';
import { defineNode } from '../define.ts';
import { json } from '../schema.ts';

/** Sends an event to the workspace. */
export const emit = defineNode({
  type: 'event.emit',
  version: '1.0.0',
  title: 'Send an event',
  description:
    'Sends an event to the workspace: it reaches every run that waits for it, and starts each workflow that has an ' +
    '`event` trigger for it.',
  effect: 'idempotent',
  timeout: '30m',
  retry: { maxAttempts: 12, delay: '200ms', factor: 2, maxDelay: '20s', attemptTimeout: '5m' },
  input: z.strictObject({
    event: z.string().min(1).max(255).describe('Name of the event.'),
    key: z
      .string()
      .max(1024)
      .optional()
      .describe(
        'Reaches waits with this key and waits without a key. Default: all waits. Triggers see it as `subject`.',
      ),
    data: json().optional().describe('Data of the event, at most 256,000 bytes of JSON. Default: null.'),
  }),
  output: z.object({
    id: z.string().describe('Id of the event: the same however often the step is tried.'),
    delivered: z.int().describe('Number of waiting runs the event was sent to.'),
    triggers: z
      .array(
        z.object({
          workflow: z.string().describe('Name of the workflow.'),
          trigger: z.string().describe('Id of its trigger.'),
        }),
      )
      .describe('The triggers it fired. Their runs start within a second, unless the `if` of a trigger declines.'),
  }),
  examples: [
    {
      title: 'Tell whoever is interested that an order was paid',
      with: { event: 'order.paid', key: '4711', data: { order: '4711', amount: 20 } },
    },
  ],
  errors: {
    'event.tooLarge': 'The data are more than 256,000 bytes of JSON. Put large data into a file.',
    'run.tooDeep':
      'The event would start runs nested deeper than the operator allows (20), each started by the one above. Do workflows ' +
      'start each other in a circle?',
  },
  notes:
    'A step sends one event, however often it is retried, and the event is kept before it is sent, so each trigger starts ' +
    'exactly one run. The runs it starts count as nested one level deeper than this run, like those of `workflow.run`.',
  run: (ctx, { event, key, data }) => ctx.events.emit({ name: event, key: key ?? null, data: data ?? null }),
});
