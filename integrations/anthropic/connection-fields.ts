import { z } from 'zod';
import { baseUrlField, keyField } from '../models/server-fields.ts';

/** Fields of an `anthropic` connection. */
export const fields = z.strictObject({
  apiKey: keyField().describe('The API key.'),
  baseUrl: baseUrlField('https://api.anthropic.com').describe(
    'Address of the API, without its version: of Anthropic, or of a gateway that speaks its protocol.',
  ),
});
