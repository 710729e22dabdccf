import { catalogue } from '../../../integrations/describe.ts';
import { scheduleSetup } from './schedule.ts';
import type { TriggerSetup } from './types.ts';
import { watchSetup } from './watch.ts';
import { webhookSetup } from './webhook.ts';

/** For triggers that the API or another run fires by itself. */
const NOTHING_TO_SET_UP: TriggerSetup = { up: async () => ({}), down: async () => {} };

/** What each type of triggers needs outside of Postgres, by type. */
export const SETUPS: ReadonlyMap<string, TriggerSetup> = new Map([
  ['schedule', scheduleSetup],
  ['webhook', webhookSetup],
  ['form', NOTHING_TO_SET_UP],
  ['event', NOTHING_TO_SET_UP],
  ['failure', NOTHING_TO_SET_UP],
  ...[...(catalogue().triggers?.keys() ?? [])].map((type) => [type, watchSetup] as const),
]);
