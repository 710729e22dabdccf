import type { Choice } from '../choices/types.ts';
import { calling } from '../failures/classify.ts';
import type { ModelListContext } from '../models/bounded-fetch.ts';
import { openClient } from './client.ts';
import { errors } from './errors.ts';

/** The models that the Gemini API offers, in one page: there are dozens. @throws NodeError */
export async function listModels(ctx: ModelListContext): Promise<Choice[]> {
  const client = await openClient(ctx);
  return calling(ctx, errors, { what: 'GET /models', writes: false }, async () => {
    const { page } = await client.models.list({ config: { pageSize: 1000 } });
    return page.flatMap(({ name, displayName }) => {
      const value = name?.replace(/^models\//, '');
      return value ? [{ value, label: displayName ?? value }] : [];
    });
  });
}
