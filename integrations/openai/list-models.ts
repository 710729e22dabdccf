import { z } from 'zod';
import type { Choice } from '../choices/types.ts';
import { calling } from '../failures/classify.ts';
import type { ModelListContext } from '../models/bounded-fetch.ts';
import { openClient } from './client.ts';
import { errors } from './errors.ts';

const answer = z.object({ data: z.array(z.object({ id: z.string() })) });

/** The models that a server of OpenAI's protocol offers. @throws NodeError */
export async function listModels(ctx: ModelListContext): Promise<Choice[]> {
  const { client } = await openClient(ctx);
  return calling(ctx, errors, { what: 'GET /models', writes: false }, async () => {
    const { data } = answer.parse(await client.get('/models'));
    return data.map(({ id }) => ({ value: id, label: id }));
  });
}
