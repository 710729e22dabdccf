import { outputRules } from '../models/output.ts';
import type { Message, ModelRequest, Part } from '../models/port.ts';
import { argumentsOf, listOf } from '../models/read.ts';

/** One message as Gemini takes it. */
interface Turn {
  readonly role: 'user' | 'model';
  readonly parts: unknown[];
}

/** The parameters of `models.generateContent`. */
export function generateParameters(request: ModelRequest): { model: string; contents: Turn[]; config: object } {
  const { model, messages, tools = [], output, maxOutputTokens, temperature, reasoning } = request;
  const { strict, instructions } = outputRules(request);
  return {
    model,
    contents: turnsOf(messages),
    config: {
      maxOutputTokens,
      ...(instructions !== undefined && { systemInstruction: instructions }),
      ...(temperature !== undefined && { temperature }),
      ...(reasoning !== undefined && {
        thinkingConfig: { thinkingLevel: (reasoning === 'none' ? 'minimal' : reasoning).toUpperCase() },
      }),
      ...(output && { responseMimeType: 'application/json' }),
      ...(strict !== null && { responseJsonSchema: strict }),
      ...(tools.length > 0 && {
        tools: [
          {
            functionDeclarations: tools.map(({ name, description, parameters }) => ({
              ...{ name, description, parametersJsonSchema: parameters },
            })),
          },
        ],
      }),
    },
  };
}

/** User and model take turns: what follows each other from one side is one message. */
function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'model' : 'user';
    const parts = partsOf(message);
    const last = turns.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else turns.push({ role, parts });
  }
  return turns;
}

function partsOf(message: Message): unknown[] {
  if (message.role === 'user') return message.content.map(partOf);
  if (message.role === 'tool') {
    const { callId, name, output, failed } = message;
    return [{ functionResponse: { id: callId, name, response: failed ? { error: output } : { output } } }];
  }
  const carried = listOf(message.carried);
  if (carried.length > 0) return [...carried];
  return [
    ...(message.text === '' ? [] : [{ text: message.text }]),
    ...message.toolCalls.map(({ id, name, arguments: given }) => ({
      functionCall: { id, name, args: argumentsOf(given) },
    })),
  ];
}

const partOf = (part: Part): unknown =>
  part.kind === 'text' ? { text: part.text } : { inlineData: { mimeType: part.mediaType, data: part.base64 } };
