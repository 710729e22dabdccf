import { CliError, EXIT } from './errors.ts';
import { addressOf } from './request.ts';

/** Something that has happened, as the server tells it. */
export interface LiveEvent {
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** How soon a connection that broke is made again. */
const AGAIN_MS = 1_000;

/**
 * Follows topics until `signal`. A connection that breaks is made again, and goes on where it was.
 *
 * @param onLost called when the connection is lost, once per outage
 * @throws CliError if the server refuses
 */
export async function* followTopics(
  { baseUrl, fetch: fetcher }: { baseUrl: string; fetch: typeof fetch },
  topics: string,
  { signal, sleep, onLost }: { signal: AbortSignal; sleep(ms: number): Promise<void>; onLost(): void },
): AsyncGenerator<LiveEvent> {
  let lastId: string | undefined;
  let isLost = false;
  while (!signal.aborted) {
    try {
      const url = addressOf(baseUrl, 'GET /api/stream', { query: { topics } });
      const headers = { accept: 'text/event-stream', ...(lastId !== undefined && { 'last-event-id': lastId }) };
      const response = await fetcher(url, { headers, signal });
      if (!response.ok || !response.body) throw await refusal(response);
      isLost = false;
      for await (const block of blocksOf(response.body)) {
        const event = parseEvent(block);
        lastId = event.id ?? lastId;
        if (event.data !== '') yield { kind: event.type, data: JSON.parse(event.data) as LiveEvent['data'] };
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof CliError && error.exitCode !== EXIT.noServer) throw error;
    }
    if (!isLost) onLost();
    isLost = true;
    await sleep(AGAIN_MS);
  }
}

async function refusal(response: Response): Promise<CliError> {
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; code?: string };
  const words = problem.detail ?? `The server answered ${response.status}.`;
  const exit = response.status >= 500 ? EXIT.noServer : EXIT.badInput;
  return new CliError(exit, problem.code ?? `http.${response.status}`, words);
}

/** The events of a stream as texts, each up to its empty line. */
async function* blocksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop()!;
    yield* blocks;
  }
}

/** Reads an event. Only the fields that the server sends. */
function parseEvent(block: string): { type: string; id: string | undefined; data: string } {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [name, ...value] = line.split(': ');
    fields.set(name!, value.join(': '));
  }
  return { type: fields.get('event') ?? 'message', id: fields.get('id'), data: fields.get('data') ?? '' };
}
