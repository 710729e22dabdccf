import { defineConnection } from '../define-connection.ts';
import { hostOf } from '../models/server-fields.ts';
import { fields } from './connection-fields.ts';

/** Anthropic, or a gateway that speaks its protocol. */
export const anthropic = defineConnection({
  type: 'anthropic',
  title: 'Anthropic',
  description: 'The Claude models of Anthropic, or of a gateway that speaks its protocol.',
  fields,
  secretFields: ['apiKey'],
  allowedHosts: ({ baseUrl }) => [hostOf(baseUrl)],
  async test(ctx, data) {
    const { testModelServer } = await import('../models/test-server.ts');
    return testModelServer(ctx, { type: 'anthropic', data }, async (asked) => {
      const [{ openClient }, { errors }] = await Promise.all([import('./client.ts'), import('./errors.ts')]);
      const client = await openClient(asked);
      return { errors, what: 'GET /v1/models', ask: () => client.get('/v1/models') };
    });
  },
});
