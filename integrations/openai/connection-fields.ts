import { z } from 'zod';
import { baseUrlField, keyField } from '../models/server-fields.ts';

/** Fields of an `openai` connection. */
export const fields = z.strictObject({
  apiKey: keyField().optional().describe('The API key. Servers of your own may need none.'),
  organization: keyField().optional().describe('Organisation that pays, if the key belongs to several: `org-…`.'),
  project: keyField().optional().describe('Project that pays, if the key belongs to several: `proj_…`.'),
  baseUrl: baseUrlField('https://api.openai.com/v1').describe(
    'Address of the API, with its version: of OpenAI, or of any server that speaks its protocol, such as `http://ollama.internal:11434/v1`.',
  ),
  speaks: z
    .enum(['responses', 'chat'])
    .default('responses')
    .describe(
      'The protocol of the server: the Responses API, or `chat` for chat completions, which most other servers speak.',
    ),
});

/** An `openai` connection. */
export type OpenAiServer = z.output<typeof fields>;
