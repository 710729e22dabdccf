import { Buffer } from 'node:buffer';
import { type ModelUsage, NO_USAGE } from '../../spending.ts';

/** What a request will send, as far as it decides what the call can cost. */
export interface Sent {
  /** Everything that is text: instructions, messages, descriptions and schemas of tools. */
  readonly texts: readonly string[];
  readonly images?: number;
  /** Bytes of documents that are sent as they are. */
  readonly fileBytes?: number;
  readonly maxOutputTokens: number;
}

/** What surrounds each text: who speaks, where the text ends. */
const TOKENS_AROUND_TEXT = 16;

/** The largest images that providers look at in full detail take fewer. */
const TOKENS_OF_IMAGE = 16_000;

/** The most that a call can use, counted before it is made. */
export function estimateOf({ texts, images = 0, fileBytes = 0, maxOutputTokens }: Sent): ModelUsage {
  let input = images * TOKENS_OF_IMAGE + fileBytes;
  for (const text of texts) input += TOKENS_AROUND_TEXT + tokensAtMost(text);
  return { ...NO_USAGE, input, output: maxOutputTokens };
}

/**
 * The most tokens that a text can have: its bytes. Each provider has a tokenizer of its own, and none makes more tokens than
 * there are bytes. Ordinary text has three to five bytes in a token, but random letters have less than one and a half
 * (measured with o200k and cl100k), so no smaller number would keep a hard budget.
 */
export const tokensAtMost = (text: string): number => Buffer.byteLength(text);
