import { withNumbersQuoted } from '../../../graph/exact-json.ts';
import type { Fetch } from '../../network/guarded-fetch.ts';

/** Keeps every digit of long numbers in answers: the library reads them with `JSON.parse`, which changes such numbers. */
export const exactNumbers =
  (fetch: Fetch): Fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    const { body, status, headers } = response;
    const type = headers.get('content-type') ?? '';
    if (body === null) return response;
    if (type.includes('json')) return new Response(withNumbersQuoted(await response.text()), { status, headers });
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
  line.startsWith('data:') ? `data: ${withNumbersQuoted(line.slice(5).trim())}` : line;
