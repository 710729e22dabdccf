import { withNumbersQuoted } from '../../../graph/exact-json.ts';
import { holdsTooMuch } from '../../../graph/json-extent.ts';
import { MOST_OF_JSON } from '../../../graph/limits.ts';
import { NodeError } from '../../error.ts';
import type { Fetch } from '../../network/guarded-fetch.ts';

/** Keeps every digit of long numbers in answers: the library reads them with `JSON.parse`, which changes such numbers. */
export const exactNumbers =
  (fetch: Fetch): Fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    const { body, status, headers } = response;
    const type = headers.get('content-type') ?? '';
    if (body === null) return response;
    if (type.includes('json')) return new Response(quoted(await response.text()), { status, headers });
    if (!type.includes('text/event-stream')) return response;
    const events = body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(lineByLine())
      .pipeThrough(new TextEncoderStream());
    return new Response(events, { status, headers });
  };

/** Events whose lines of data hold JSON. */
function lineByLine(): TransformStream<string, string> {
  let open = '';
  let hasEndedByReturn = false;
  return new TransformStream({
    transform(part, controller) {
      // A line ends with either or both, and the second of both may come later.
      const rest = hasEndedByReturn && part.startsWith('\n') ? part.slice(1) : part;
      hasEndedByReturn = part.endsWith('\r');
      const lines = (open + rest).split(/\r\n|\r|\n/);
      open = lines.pop()!;
      for (const line of lines) controller.enqueue(`${dataQuoted(line)}\n`);
    },
    flush: (controller) => controller.enqueue(dataQuoted(open)),
  });
}

const dataQuoted = (line: string): string =>
  line.startsWith('data:') ? `data: ${quoted(line.slice(5).trim())}` : line;

/** Nothing else happens in the process while JSON is parsed. */
function quoted(text: string): string {
  if (!holdsTooMuch(text)) return withNumbersQuoted(text);
  throw new NodeError('mcp.tooLarge', `The MCP server answered more values than ${MOST_OF_JSON}.`, { unknown: true });
}
