import { defineConnection } from '../define-connection.ts';
import { hostOf } from '../models/server-fields.ts';
import { fields } from './connection-fields.ts';

/** The Gemini API of Google. */
export const gemini = defineConnection({
  type: 'gemini',
  title: 'Google Gemini',
  description: 'The Gemini models of Google, by an API key of Google AI Studio.',
  fields,
  secretFields: ['apiKey'],
  allowedHosts: ({ baseUrl }) => [hostOf(baseUrl)],
  async test(ctx, data) {
    const { testModelServer } = await import('../models/test-server.ts');
    return testModelServer(ctx, { type: 'gemini', data }, async (asked) => {
      const [{ openClient }, { errors }] = await Promise.all([import('./client.ts'), import('./errors.ts')]);
      const client = await openClient(asked);
      const config = { pageSize: 1 };
      return { errors, what: 'GET /models', ask: () => client.models.list({ config }) };
    });
  },
});
