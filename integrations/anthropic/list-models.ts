import { z } from 'zod';
import type { Choice } from '../choices/types.ts';
import { calling } from '../failures/classify.ts';
import type { ModelListContext } from '../models/bounded-fetch.ts';
import { openClient } from './client.ts';
import { errors } from './errors.ts';

const answer = z.object({ data: z.array(z.object({ id: z.string(), display_name: z.string().optional() })) });

/** The models that Anthropic offers, in one page: there are dozens. @throws NodeError */
export async function listModels(ctx: ModelListContext): Promise<Choice[]> {
  const client = await openClient(ctx);
  return calling(ctx, errors, { what: 'GET /v1/models', writes: false }, async () => {
    const { data } = answer.parse(await client.get('/v1/models?limit=1000'));
    return data.map(({ id, display_name = id }) => ({ value: id, label: display_name }));
  });
}
