import type { JsonObject } from '../../graph/json.ts';
import { publish, publishWebhook } from '../api.ts';
import type { Bench } from '../product.ts';

/** The kinds of requests, which take turns. Each starts a durable run and is answered with the end of the run. */
export const KINDS = ['start', 'webhook', 'three steps'] as const;
export type Kind = (typeof KINDS)[number];

/** One request of the mix. Its number is the run's input, so that the run can be told from all others. */
export interface Request {
  readonly kind: Kind;
  readonly number: number;
  readonly url: string;
  readonly body: string;
}

/** What a run of the request with this number must return. */
export const rightOutput = (number: number): JsonObject => ({ number, twice: 2 * number });

/** Which kind the request with this number is. */
export const kindOf = (number: number): Kind => KINDS[number % KINDS.length]!;

/** Whether a run of this kind calls the service outside, once. */
export const hasEffect = (kind: Kind): boolean => kind === 'three steps';

/** How long a caller waits for the end of the run, in seconds. */
const WAIT_S = 30;

/**
 * Publishes the mix: a start through the API and a webhook, each of a run of one `set` node, and a start of a run of
 * three steps, of which the second calls the service outside.
 *
 * @returns the request with each number
 */
export async function publishMix({ api, url, outside }: Bench): Promise<(number: number) => Request> {
  await publish(api, startGraph());
  await publish(api, stepsGraph(outside.url));
  const hook = await publishWebhook(api, hookGraph());
  const startOf = (name: string) => `${url}/api/workflows/${name}/runs?wait=${WAIT_S}`;
  const urls: Record<Kind, string> = {
    start: startOf(startGraph().name),
    webhook: hook,
    'three steps': startOf(stepsGraph(outside.url).name),
  };
  return (number) => {
    const kind = kindOf(number);
    const input = { number };
    return { kind, number, url: urls[kind], body: JSON.stringify(kind === 'webhook' ? input : { input }) };
  };
}

const double = (from: string): JsonObject => ({
  uses: 'set',
  with: { value: { number: `\${{ ${from} }}`, twice: `\${{ ${from} * 2 }}` } },
});

const startGraph = () => ({
  blok: 1,
  name: 'steady-start',
  execution: 'durable',
  nodes: { answer: double('input.number') },
  output: '${{ nodes.answer }}',
});

const hookGraph = () => ({
  blok: 1,
  name: 'steady-webhook',
  execution: 'durable',
  triggers: { hook: { uses: 'webhook', with: { verify: 'none', reply: 'sync', replyWithin: `${WAIT_S}s` } } },
  nodes: { answer: double('trigger.body.number') },
  output: '${{ nodes.answer }}',
});

const stepsGraph = (outside: string) => ({
  blok: 1,
  name: 'steady-steps',
  execution: 'durable',
  nodes: {
    before: { uses: 'set', with: { value: '${{ input.number }}' } },
    keep: {
      uses: 'http.request',
      needs: ['before'],
      with: { method: 'PUT', url: `${outside}/kept/\${{ nodes.before }}` },
    },
    answer: { ...double('nodes.before'), needs: ['keep'] },
  },
  output: '${{ nodes.answer }}',
});
