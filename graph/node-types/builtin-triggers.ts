import type { TriggerFacts } from '../catalogue.ts';
import { SLUG_PATTERN } from '../document/names.ts';
import type { JsonSchema } from '../json.ts';
import { duration, parameters } from './parameter-schema.ts';
import { WEBHOOK } from './webhook-trigger.ts';

const text: JsonSchema = { type: 'string' };

/** Triggers of the platform itself; those of providers (polls) come with the catalogue. */
export const BUILTIN_TRIGGERS: ReadonlyMap<string, TriggerFacts> = new Map<string, TriggerFacts>([
  [
    'call',
    {
      description: 'Started by API, CLI, UI or another workflow. Always possible.',
      with: parameters({}),
      brings: { by: text },
    },
  ],
  ['webhook', WEBHOOK],
  [
    'form',
    {
      description: 'Started by a form made from the graph’s `input` schema.',
      with: parameters({
        title: { ...text, description: 'Title of the page; the workflow’s label if not given.' },
        description: { ...text, description: 'What stands above the fields.' },
        access: {
          enum: ['public', 'link'],
          description:
            'Who may open the form: whoever knows its address (`public`, the default), or whoever has a signed link (`link`).',
        },
        submit: { ...text, description: 'Words on the button; `Send` if not given.' },
        thanks: { ...text, description: 'Title of the page of the result; `Done` if not given.' },
        result: {
          enum: ['shown', 'hidden'],
          description: 'Whether whoever has sent the form sees the output of the run; `shown` if not given.',
        },
      }),
      brings: { by: text },
    },
  ],
  [
    'schedule',
    {
      description: 'Started by the clock: `cron` or `every`.',
      with: parameters({
        cron: { anyOf: [{ type: 'string' }, { type: 'array', minItems: 1, maxItems: 50, items: { type: 'string' } }] },
        every: duration,
        timezone: {
          type: 'string',
          pattern: '^[A-Za-z]+([/_+-][A-Za-z0-9_+-]+)*$',
          description: 'IANA name; UTC if not given.',
        },
        jitter: { ...duration, description: 'Start up to this much later, at random.' },
        catchUp: {
          ...duration,
          description: 'After downtime, make up for starts missed within this time; 10m if not given.',
        },
        overlap: {
          enum: ['skip', 'bufferOne', 'bufferAll', 'cancelOther', 'terminateOther', 'allowAll'],
          description: 'What happens if the last run is still running; `skip` if not given.',
        },
        start: { type: 'string', description: 'The first moment at which it may fire: a time with its offset.' },
        end: { type: 'string', description: 'The last moment at which it may fire: a time with its offset.' },
      }),
      brings: { scheduledAt: text },
    },
  ],
  [
    'event',
    {
      description: 'Started by an event sent to the workspace.',
      with: parameters({ event: { type: 'string', minLength: 1, maxLength: 200 } }, ['event']),
      brings: { event: text, subject: {}, data: {}, source: text, attributes: { type: 'object' } },
    },
  ],
  [
    'failure',
    {
      description: 'Started when another workflow fails or times out.',
      with: parameters({ workflow: { type: 'string', pattern: SLUG_PATTERN } }, ['workflow']),
      brings: {},
    },
  ],
]);
