import { defineConnection } from '../define-connection.ts';
import { hostOf } from '../models/server-fields.ts';
import { fields } from './connection-fields.ts';

/** OpenAI, or any server that speaks its protocol. */
export const openai = defineConnection({
  type: 'openai',
  title: 'OpenAI',
  description: 'Models of OpenAI, or of any server that speaks its protocol: Ollama, vLLM, a gateway of your own.',
  fields,
  secretFields: ['apiKey'],
  allowedHosts: ({ baseUrl }) => [hostOf(baseUrl)],
  async test(ctx, data) {
    const { testModelServer } = await import('../models/test-server.ts');
    return testModelServer(ctx, { type: 'openai', data }, async (asked) => {
      const [{ openClient }, { errors }] = await Promise.all([import('./client.ts'), import('./errors.ts')]);
      const { client } = await openClient(asked);
      return { errors, what: 'GET /models', ask: () => client.get('/models') };
    });
  },
});
