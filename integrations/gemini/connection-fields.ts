import { z } from 'zod';
import { baseUrlField, keyField } from '../models/server-fields.ts';

/** Fields of a `gemini` connection. */
export const fields = z.strictObject({
  apiKey: keyField().describe('The API key.'),
  baseUrl: baseUrlField('https://generativelanguage.googleapis.com').describe(
    'Address of the API, without its version: of Google, or of a gateway that speaks its protocol.',
  ),
});
