/** What a model answers in one turn: calls of tools, or a text. */
export type ScriptedTurn =
  | { readonly calls: readonly (readonly [name: string, args: object])[] }
  | { readonly text: (results: readonly string[]) => string };

/** A request for an answer, in no provider's words. */
export interface AskedTurn {
  readonly model: string;
  /** How many tools the model has called so far. */
  readonly called: number;
  /** What they answered. */
  readonly results: readonly string[];
  /** Names of the tools that the model is told of. */
  readonly tools: readonly string[];
}

/** The answer to a turn. */
export interface AnsweredTurn {
  readonly id: string;
  readonly turn: ScriptedTurn;
  readonly results: readonly string[];
}

/** How a provider is asked, and answers. Each answer uses a hundred tokens and ten. */
export interface Protocol {
  read(body: Fields, path: string): AskedTurn;
  answer(answered: AnsweredTurn): object;
}

type Fields = Readonly<Record<string, unknown>>;
const list = (value: unknown): Fields[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const common = (id: string) => ({
  id,
  object: 'response',
  created_at: 0,
  model: 'scripted',
  error: null,
  incomplete_details: null,
});

/** An answer of OpenAI that is not ready. */
export const working = (id: string, status: string) => ({ ...common(id), status, output: [], usage: null });

/** The Responses API. */
export const openai: Protocol = {
  read: ({ model, input, tools }) => ({
    model: String(model),
    called: list(input).filter(({ type }) => type === 'function_call').length,
    results: list(input)
      .filter(({ type }) => type === 'function_call_output')
      .map(({ output }) => text(output)),
    tools: list(tools).map(({ name }) => String(name)),
  }),
  answer: ({ id, turn, results }) => ({
    ...common(id),
    status: 'completed',
    output:
      'calls' in turn
        ? turn.calls.map(([name, args], index) => ({
            ...{ type: 'function_call', id: `fc_${id}_${index}`, call_id: `call_${id}_${index}`, status: 'completed' },
            ...{ name, arguments: JSON.stringify(args) },
          }))
        : [
            {
              ...{ type: 'message', id: `msg_${id}`, role: 'assistant', status: 'completed' },
              content: [{ type: 'output_text', text: turn.text(results), annotations: [] }],
            },
          ],
    usage: {
      ...{ input_tokens: 100, output_tokens: 10, total_tokens: 110 },
      input_tokens_details: { cached_tokens: 0 },
      output_tokens_details: { reasoning_tokens: 0 },
    },
  }),
};

/** The Messages API. */
export const anthropic: Protocol = {
  read: ({ model, messages, tools }) => {
    const blocks = list(messages).flatMap(({ content }) => list(content));
    return {
      model: String(model),
      called: blocks.filter(({ type }) => type === 'tool_use').length,
      results: blocks.filter(({ type }) => type === 'tool_result').map(({ content }) => text(content)),
      tools: list(tools).map(({ name }) => String(name)),
    };
  },
  answer: ({ id, turn, results }) => ({
    ...{ id, type: 'message', role: 'assistant', model: 'scripted' },
    content:
      'calls' in turn
        ? turn.calls.map(([name, input], index) => ({ type: 'tool_use', id: `toolu_${id}_${index}`, name, input }))
        : [{ type: 'text', text: turn.text(results) }],
    stop_reason: 'calls' in turn ? 'tool_use' : 'end_turn',
    usage: { input_tokens: 100, output_tokens: 10 },
  }),
};

/** `generateContent`. */
export const gemini: Protocol = {
  read: ({ contents, tools }, path) => {
    const parts = list(contents).flatMap((content) => list(content.parts));
    const answers = parts.flatMap(({ functionResponse: answer }) => (answer ? [answer as Fields] : []));
    return {
      model: /models\/([^:]+):/.exec(path)?.[1] ?? '',
      called: parts.filter(({ functionCall }) => functionCall !== undefined).length,
      results: answers.map(({ response }) => text(Object.values(response as Fields)[0])),
      tools: list(tools).flatMap((tool) => list(tool.functionDeclarations).map(({ name }) => String(name))),
    };
  },
  answer: ({ id, turn, results }) => ({
    candidates: [
      {
        content: {
          role: 'model',
          parts:
            'calls' in turn
              ? turn.calls.map(([name, args], index) => ({ functionCall: { id: `f_${id}_${index}`, name, args } }))
              : [{ text: turn.text(results) }],
        },
        finishReason: 'STOP',
      },
    ],
    usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 10 },
    ...{ modelVersion: 'scripted', responseId: id },
  }),
};
