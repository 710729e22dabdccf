import type { Json } from '../../graph/json.ts';
import type { Hold } from '../bodies.ts';
import { checkNumbers, parseJson, readText } from './body.ts';
import { requireHarmless } from './harmless.ts';

/** Reads JSON that strangers may send. @throws ApiProblem as `readText` and `strangersJson` */
export const readStrangersJson = async (request: Request, hold: Hold): Promise<Json> =>
  strangersJson(await readText(request, hold));

/**
 * Parses JSON that strangers may send.
 *
 * @param what is parsed, for the words of a problem
 * @throws ApiProblem `body.invalid`
 */
export function strangersJson(text: string, what = 'body'): Json {
  const value = parseJson(text, what);
  requireHarmless(value, text, what);
  checkNumbers(text, value, what);
  return value;
}
