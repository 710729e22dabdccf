import type { Json } from '../../../graph/json.ts';
import type { NodeContext, OpenConnection } from '../../context.ts';
import type { Received, Reply } from '../../testing/fake-provider/message.ts';
import { type FakeProvider, fakeProvider } from '../../testing/fake-provider/provider.ts';
import { fakeContext } from '../../testing/run-node.ts';

/** A request to the Responses API, as a test looks at it. */
export interface AskedModel {
  readonly model: string;
  readonly instructions: string;
  /** All texts of all messages, in their order. */
  readonly texts: readonly string[];
  readonly images: number;
  /** Name and schema of the answer, if it has a shape. */
  readonly name: string | null;
  readonly schema: Json;
  readonly maxOutputTokens: number;
  /** Counts from 0. */
  readonly nth: number;
}

/** What the model says: text, or a value as JSON; cut off, refused, or anything at all. */
export type Said =
  | string
  | object
  | { readonly cut: string }
  | { readonly refusal: string }
  | { readonly reply: Reply };

/** A server that speaks the protocol of OpenAI, whose model says what a test wants. */
export interface ScriptedModel extends FakeProvider<{ answered: number }> {
  /** Every request for an answer that reached the model, in the order of arrival. */
  readonly asked: readonly AskedModel[];
  /** Every text of which a vector was made, in the order of arrival. */
  readonly embedded: readonly string[];
  /** What the model says from now on. */
  say(answer: (asked: AskedModel) => Said): void;
  /** A context with a connection to the server. */
  context(overrides?: Partial<NodeContext>): ReturnType<typeof fakeContext>;
}

/** Starts the server. Each answer uses ten tokens of input and five of output. */
export async function scriptedModel(): Promise<ScriptedModel> {
  const asked: AskedModel[] = [];
  const embedded: string[] = [];
  let answer: (asked: AskedModel) => Said = () => 'ok';
  const provider = await fakeProvider({
    state: () => ({ answered: 0 }),
    routes: {
      'POST /v1/responses': ({ body }, state) => {
        const one = askedOf(body as Fields, asked.length);
        asked.push(one);
        state.answered += 1;
        return replyTo(one, answer(one));
      },
      'POST /v1/embeddings': ({ body }, state) => {
        const { input, model } = body as Fields;
        const texts = input as string[];
        embedded.push(...texts);
        state.answered += 1;
        const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) }));
        const usage = { prompt_tokens: texts.length, total_tokens: texts.length };
        return { body: { object: 'list', model, data, usage } };
      },
      'POST /v1/moderations': ({ body }) => ({ body: { id: 'modr-1', results: [judged(JSON.stringify(body))] } }),
      'POST /v1/audio/transcriptions': (request, state) => {
        state.answered += 1;
        return { body: { text: `heard ${fileName(request)}`, usage: { type: 'duration', seconds: 7 } } };
      },
      'POST /v1/images/generations': (_, state) => {
        state.answered += 1;
        return { body: { data: [{ b64_json: PIXEL }], usage: { input_tokens: 10, output_tokens: 100 } } };
      },
    },
  });
  const connection = (): OpenConnection => ({
    name: 'models',
    type: 'openai',
    data: { apiKey: 'sk-test-0123456789', baseUrl: `${provider.base}/v1`, speaks: 'responses' },
    hosts: [],
  });
  return Object.assign(Object.create(provider) as FakeProvider<{ answered: number }>, {
    asked,
    embedded,
    say: (said: (asked: AskedModel) => Said) => {
      answer = said;
    },
    context: (overrides: Partial<NodeContext> = {}) => fakeContext({ connection: connection(), ...overrides }),
    reset: () => {
      provider.reset();
      asked.length = 0;
      embedded.length = 0;
    },
  });
}

type Fields = Readonly<Record<string, Json>>;

function askedOf(body: Fields, nth: number): AskedModel {
  const contents = (body.input as unknown as { content: string | Fields[] }[]).flatMap(
    ({ content }): (string | Fields)[] => (typeof content === 'string' ? [content] : content),
  );
  const format = ((body.text as Fields | undefined)?.format ?? {}) as Fields;
  return {
    nth,
    model: String(body.model),
    instructions: String(body.instructions ?? ''),
    texts: contents.flatMap((one) => (typeof one === 'string' ? [one] : 'text' in one ? [String(one.text)] : [])),
    images: contents.filter((one) => typeof one === 'object' && one.type === 'input_image').length,
    name: (format.name ?? null) as string | null,
    schema: format.schema ?? null,
    maxOutputTokens: Number(body.max_output_tokens),
  };
}

function replyTo({ model, nth }: AskedModel, said: Said): Reply {
  if (typeof said === 'object' && 'reply' in said) return said.reply as Reply;
  const cut = typeof said === 'object' && 'cut' in said ? String(said.cut) : null;
  const refusal = typeof said === 'object' && 'refusal' in said ? String(said.refusal) : null;
  const text = cut ?? (typeof said === 'string' ? said : JSON.stringify(said));
  const content = refusal === null ? { type: 'output_text', text, annotations: [] } : { type: 'refusal', refusal };
  return {
    body: {
      id: `resp-${nth}`,
      object: 'response',
      status: cut === null ? 'completed' : 'incomplete',
      ...(cut !== null && { incomplete_details: { reason: 'max_output_tokens' } }),
      model,
      output: [{ type: 'message', role: 'assistant', content: [content] }],
      usage: { input_tokens: 10, output_tokens: 5, input_tokens_details: {}, output_tokens_details: {} },
    },
  };
}

/** Values of a vector of the fake model. */
const SIZE = 512;

/** Texts with the same words get similar vectors. */
function vectorOf(text: string): number[] {
  const vector = new Array<number>(SIZE).fill(0);
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? ['']) {
    let hash = 7;
    for (const letter of word) hash = (hash * 31 + letter.codePointAt(0)!) % 99_991;
    vector[hash % SIZE]! += 1;
  }
  return vector;
}

const judged = (text: string) => ({
  flagged: text.includes('kill'),
  category_scores: { violence: text.includes('kill') ? 0.9 : 0.01, hate: text.includes('idiot') ? 0.45 : 0.02 },
});

const fileName = ({ bytes }: Received): string => /filename="([^"]+)"/.exec(bytes.toString('latin1'))?.[1] ?? 'nothing';

/** A PNG of one pixel. */
export const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
