import type { Json } from '../../graph/json.ts';
import { checkNumbers, parseJson, readText } from './body.ts';
import { requireHarmless } from './harmless.ts';

/** Reads JSON that strangers may send. @throws ApiProblem `body.invalid`, `body.tooLarge`, `request.timeout` */
export const readStrangersJson = async (request: Request): Promise<Json> => strangersJson(await readText(request));

/** Parses JSON that strangers may send. @throws ApiProblem `body.invalid` */
export function strangersJson(text: string): Json {
  const value = parseJson(text);
  requireHarmless(value, text);
  checkNumbers(text, value);
  return value;
}
