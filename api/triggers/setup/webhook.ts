import { requireConnection } from './require-connection.ts';
import type { TriggerSetup } from './types.ts';

/** A webhook is received by the API itself. It only needs the connection that holds its secret. */
export const webhookSetup: TriggerSetup = {
  up: async (ctx, _row, { connection }) => {
    await requireConnection(ctx, connection, 'It holds the secret: until it is there, callers get 503.');
    return {};
  },
  down: async () => {},
};
