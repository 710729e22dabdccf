import { decodeText, encodingOfMark, isEncoding } from '../../../integrations/text-encoding.ts';
import { ApiProblem } from '../../http/problem.ts';
import type { MediaType } from './media-type.ts';

/**
 * The text of a body in the charset that its media type declares, or that its byte order mark shows; else in UTF-8. No
 * letter is ever replaced by another.
 *
 * @throws ApiProblem `body.type` (an unknown charset), `body.invalid`
 */
export function textOf(body: Buffer, { charset }: MediaType): string {
  if (charset !== null && !isEncoding(charset)) {
    const given = charset.replace(/[^\x21-\x7e]/g, '?').slice(0, 60);
    throw new ApiProblem('body.type', `The charset "${given}" is not known. Send UTF-8.`);
  }
  const encoding = encodingOfMark(body) ?? charset ?? 'utf-8';
  const text = decodeText(body, encoding);
  if (text !== null) return text;
  throw new ApiProblem(
    'body.invalid',
    `The body is not ${encoding} text${charset === null ? ', and declares no other charset' : ''}.`,
  );
}

/** Whether a body is read as text: its media type says so, or there is none and it can be read as UTF-8. */
export const isText = ({ name }: MediaType, body: Buffer): boolean =>
  /^text\/|[/+](xml|yaml|javascript|graphql|x-?ndjson|jsonl)$/.test(name) ||
  (name === '' && decodeText(body, encodingOfMark(body) ?? 'utf-8') !== null);
