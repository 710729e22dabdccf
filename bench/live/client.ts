/** A client of the stream, as a browser is one: it comes back when its connection breaks, with the id of the last event. */

/** An event as it arrived. */
export interface Heard {
  readonly kind: string;
  readonly run: string;
  /** How long after it had happened. */
  readonly lagMs: number;
  /** When it arrived. */
  readonly at: number;
}

export interface LiveClient {
  readonly heard: readonly Heard[];
  /** How often it was told that something was left out. */
  readonly resyncs: number;
  /** How often its connection broke. */
  readonly breaks: number;
  readonly isReady: boolean;
  stop(): void;
}

const AGAIN_MS = 200;

/** Follows topics at one of several addresses: after a break at the next one. */
export function startClient(urls: readonly string[], topics: string, first: number): LiveClient {
  const ending = new AbortController();
  const state = { heard: [] as Heard[], resyncs: 0, breaks: 0, isReady: false };
  let lastId = '';
  const take = (block: string): void => {
    const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/) as [string, string]));
    lastId = fields.get('id') ?? lastId;
    const event = fields.get('event');
    if (event === 'ready') state.isReady = true;
    else if (event === 'resync') state.resyncs++;
    else if (event !== undefined) {
      const data = JSON.parse(fields.get('data')!) as { kind: string; run: string; at: string };
      state.heard.push({ kind: data.kind, run: data.run, lagMs: Date.now() - Date.parse(data.at), at: Date.now() });
    }
  };
  const listen = async (url: string): Promise<void> => {
    const headers = lastId === '' ? {} : { 'last-event-id': lastId };
    const response = await fetch(`${url}/api/stream?topics=${topics}`, { headers, signal: ending.signal });
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of response.body!) {
      rest += decoder.decode(chunk, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) take(block);
    }
  };
  void (async () => {
    for (let n = first; !ending.signal.aborted; n++) {
      await listen(urls[n % urls.length]!).catch(() => undefined);
      if (ending.signal.aborted) return;
      state.breaks++;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  })();
  return {
    get heard() {
      return state.heard;
    },
    get resyncs() {
      return state.resyncs;
    },
    get breaks() {
      return state.breaks;
    },
    get isReady() {
      return state.isReady;
    },
    stop: () => ending.abort(),
  };
}
