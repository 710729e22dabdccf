import type { JsonObject } from '../../graph/json.ts';

/** What the playground's model is asked, in either protocol. */
export interface Asked {
  readonly model: string;
  /** What the author of the request wants. */
  readonly wish: string;
  /** What there is to work on: marked data and documents, or else the message itself. */
  readonly material: string;
  readonly schema: JsonObject | null;
  readonly tools: readonly Tool[];
  /** What tools have answered, the oldest first. */
  readonly results: readonly { readonly name: string; readonly output: string }[];
  readonly mostTokens: number;
  /** Characters of everything that was sent. */
  readonly length: number;
}

/** A tool that may be asked for. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonObject;
}

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields => (value !== null && typeof value === 'object' ? (value as Fields) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads a request of the Responses API. */
export function askedByResponses(body: Fields): Asked {
  const items = typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : list(body.input).map(fields);
  const calls = new Map(items.filter(isCall).map((item) => [text(item.call_id), text(item.name)]));
  const { type, schema } = fields(fields(body.text).format);
  return asked(body, {
    instructions: [text(body.instructions), ...saidBy(items, ['system', 'developer'])],
    said: saidBy(items, ['user']),
    schema: type === 'json_schema' ? schema : null,
    tools: list(body.tools).map(fields),
    results: items
      .filter((item) => item.type === 'function_call_output')
      .map((item) => ({ name: calls.get(text(item.call_id)) ?? '', output: text(item.output) })),
    mostTokens: body.max_output_tokens,
  });
}

/** Reads a request of chat completions. */
export function askedByChat(body: Fields): Asked {
  const messages = list(body.messages).map(fields);
  const calls = messages.flatMap((message) => list(message.tool_calls).map(fields));
  const names = new Map(calls.map((call) => [text(call.id), text(fields(call.function).name)]));
  const { type, json_schema: output } = fields(body.response_format);
  return asked(body, {
    instructions: saidBy(messages, ['system', 'developer']),
    said: saidBy(messages, ['user']),
    schema: type === 'json_schema' ? fields(output).schema : null,
    tools: list(body.tools).map((tool) => fields(fields(tool).function)),
    results: messages
      .filter(({ role }) => role === 'tool')
      .map((message) => ({ name: names.get(text(message.tool_call_id)) ?? '', output: text(message.content) })),
    mostTokens: body.max_completion_tokens ?? body.max_tokens,
  });
}

const isCall = ({ type }: Fields): boolean => type === 'function_call';

/** Lines that mark data, as Blok writes them: `<<<name mark>>>` … `<<<end mark>>>`. */
const DATA = /<<<[^\n]{1,100} ([0-9a-f]{8,64})>>>\n([\s\S]*?)\n<<<end \1>>>/g;
const SCHEMA_IN_WORDS = /fits this JSON Schema:\n(\{.*\})/;

function asked(
  body: Fields,
  given: {
    readonly instructions: readonly string[];
    readonly said: readonly string[];
    readonly schema: unknown;
    readonly tools: readonly Fields[];
    readonly results: Asked['results'];
    readonly mostTokens: unknown;
  },
): Asked {
  const instructions = given.instructions.join('\n');
  const said = given.said.join('\n');
  const data = [...said.matchAll(DATA)].map(([, , inner]) => inner);
  const words = said.replaceAll(DATA, '').trim();
  return {
    model: text(body.model),
    wish: `${instructions}\n${words}`.trim(),
    material: data.length > 0 ? data.join('\n\n') : words,
    schema: (given.schema as JsonObject | null) ?? schemaInWords(instructions),
    tools: given.tools.map(({ name, description, parameters }) => ({
      name: text(name),
      description: text(description),
      parameters: fields(parameters) as JsonObject,
    })),
    results: given.results.map(({ name, output }) => ({ name, output: output.replaceAll(DATA, '$2') })),
    mostTokens: typeof given.mostTokens === 'number' ? given.mostTokens : Number.POSITIVE_INFINITY,
    length: JSON.stringify(body).length,
  };
}

function schemaInWords(instructions: string): JsonObject | null {
  const found = SCHEMA_IN_WORDS.exec(instructions)?.[1];
  try {
    return found === undefined ? null : (JSON.parse(found) as JsonObject);
  } catch {
    return null;
  }
}

/** What was said by some of the speakers; images become a line that describes them. */
function saidBy(messages: readonly Fields[], roles: readonly string[]): string[] {
  return messages
    .filter(({ role }) => roles.includes(text(role)))
    .map(({ content }) => (typeof content === 'string' ? content : list(content).map(fields).map(partText).join('\n')));
}

function partText(part: Fields): string {
  const image = text(part.image_url) || text(fields(part.image_url).url);
  if (image !== '') return described(image);
  const file = fields(part.file);
  const name = text(part.filename) || text(file.filename);
  return name === '' ? text(part.text) : `A document called ${name}.`;
}

/** What the first bytes of an image say about it. */
function described(address: string): string {
  const bytes = Buffer.from(address.slice(address.indexOf(',') + 1, 4_000), 'base64');
  const kind = /^data:image\/(\w+)/.exec(address)?.[1] ?? 'unknown';
  const isPng = bytes.toString('latin1', 1, 4) === 'PNG' && bytes.length >= 24;
  const size = isPng ? `, ${bytes.readUInt32BE(16)} by ${bytes.readUInt32BE(20)} pixels` : '';
  return `An image of the kind ${kind}${size}.`;
}
