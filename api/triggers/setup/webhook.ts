import { listConnections } from '../../../db/index.ts';
import { Refused, type TriggerSetup } from './types.ts';

/** A webhook is received by the API itself. It only needs the connection that holds its secret. */
export const webhookSetup: TriggerSetup = {
  up: async (ctx, _row, { connection }) => {
    if (connection === undefined) return {};
    const known = await ctx.tenant((tx) => listConnections(tx));
    if (!known.some(({ name }) => name === connection))
      throw new Refused(
        `The connection "${connection}" that holds its secret is missing. Until it is there, callers get 503. PUT /api/connections/${connection} stores it.`,
      );
    return {};
  },
  down: async () => {},
};
