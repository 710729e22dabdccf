import type { ModelRequest } from '../../models/port.ts';

/** Every text that a request sends: instructions, messages, tools, the schema of the answer. */
export function textsOf({ instructions, messages, tools = [], output }: ModelRequest): string[] {
  const said = messages.flatMap((message) => {
    if (message.role === 'tool') return [message.output];
    if (message.role === 'user') return message.content.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
    const calls = message.toolCalls.map(({ name, arguments: given }) => `${name} ${given}`);
    // What a provider wants back holds the same text again, and more.
    return message.carried === undefined ? [message.text, ...calls] : [JSON.stringify(message.carried)];
  });
  return [
    ...(instructions === undefined ? [] : [instructions]),
    ...said,
    ...tools.map((tool) => JSON.stringify(tool)),
    ...(output ? [JSON.stringify(output)] : []),
  ];
}
