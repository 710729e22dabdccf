import { NodeError } from '../error.ts';
import type { Part } from './port.ts';

/** The bytes of a part as an address. */
export const dataUrl = ({ mediaType, base64 }: { mediaType: string; base64: string }): string =>
  `data:${mediaType};base64,${base64}`;

/** The text of a message of which all parts are text, or null. */
export function onlyText(parts: readonly Part[]): string | null {
  const texts = parts.map((part) => (part.kind === 'text' ? part.text : null));
  return texts.includes(null) ? null : texts.join('\n\n');
}

/** The error for what a provider has no words for. */
export const unsupported = (provider: string, what: string): NodeError =>
  new NodeError(
    'ai.unsupported',
    `The provider ${provider} does not take ${what}. Use another connection, or leave it out.`,
  );
