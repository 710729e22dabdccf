import type { Json } from '../../../graph/json.ts';

/** What a tool of an MCP server answered. */
export interface ToolAnswer {
  text: string;
  structured: Json;
  /** Parts that are no text: of images and sounds only their kind is kept, because models are told texts. */
  others: Json[];
}

/** The content of an answer: its texts joined, and what else there is. */
export function readAnswer({
  content,
  structuredContent,
}: {
  content?: unknown;
  structuredContent?: unknown;
}): ToolAnswer {
  const parts = Array.isArray(content) ? content.filter((part) => part !== null && typeof part === 'object') : [];
  const texts = parts.filter((part) => part.type === 'text' && typeof part.text === 'string').map(({ text }) => text);
  return {
    text: texts.join('\n'),
    structured: (structuredContent ?? null) as Json,
    others: parts.filter(({ type }) => type !== 'text').map(shown),
  };
}

function shown(part: Record<string, unknown>): Json {
  const { type, mimeType, data, ...rest } = part;
  const kind = { type: String(type), ...(typeof mimeType === 'string' && { mimeType }) };
  return typeof data === 'string' ? { ...kind, size: Math.floor(data.length * 0.75) } : ({ ...kind, ...rest } as Json);
}
