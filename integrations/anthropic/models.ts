import type { NodeContext } from '../context.ts';
import { calling } from '../failures/classify.ts';
import type { ModelProvider } from '../models/port.ts';
import { readMessage } from './answer.ts';
import { openClient } from './client.ts';
import { errors } from './errors.ts';
import { messagesBody } from './request.ts';

/** Models of Anthropic. */
export async function anthropicModels(ctx: NodeContext): Promise<ModelProvider> {
  const client = await openClient(ctx);
  return {
    provider: 'anthropic',
    async ask(asking, request) {
      const call = { what: 'POST /v1/messages', writes: true, mayRepeat: true };
      const body = messagesBody(request);
      // Not `messages.create`, which writes warnings about models to the console.
      const answer = await calling(asking, errors, call, () =>
        client.post('/v1/messages', { body, signal: asking.signal }),
      );
      return readMessage(answer, request.model);
    },
  };
}
