import type { NodeContext } from '../context.ts';
import type { ModelProvider } from '../models/port.ts';
import { askInBackground } from './background.ts';
import { askChat } from './chat.ts';
import { openClient } from './client.ts';
import { askResponses } from './responses.ts';
import { embed, generateImage, moderate, transcribe } from './services.ts';

/** Models of OpenAI, or of a server that speaks its protocol. */
export async function openAiModels(ctx: NodeContext): Promise<ModelProvider> {
  const opened = await openClient(ctx);
  return {
    provider: 'openai',
    ask(asking, request, memory) {
      if (opened.server.speaks === 'chat') return askChat(asking, opened, request);
      if (request.background && memory) return askInBackground(asking, opened, request, memory);
      return askResponses(asking, opened, request);
    },
    embed: (asking, request) => embed(asking, opened, request),
    moderate: (asking, request) => moderate(asking, opened, request),
    transcribe: (asking, request) => transcribe(asking, opened, request),
    generateImage,
  };
}
