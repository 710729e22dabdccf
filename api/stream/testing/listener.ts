import { vi } from 'vitest';

/** An event that arrived. */
export interface Arrived {
  readonly event: string;
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: events are read freely in tests
  readonly data: any;
}

/** Reads a stream of events, as a browser would. */
export interface Listener {
  readonly events: readonly Arrived[];
  /** The id to come back with. */
  lastId(): string;
  until(isTrue: (events: readonly Arrived[]) => boolean | Promise<boolean>): Promise<void>;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export function listenTo(response: Response): Listener {
  const events: Arrived[] = [];
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let lastId = '';
  let rest = '';
  const take = (block: string): void => {
    const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/) as [string, string]));
    lastId = fields.get('id') ?? lastId;
    const data = fields.get('data');
    if (data !== undefined) events.push({ event: fields.get('event')!, id: lastId, data: JSON.parse(data) });
  };
  const ended = (async () => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) take(block);
    }
  })();
  ended.catch(() => undefined);
  return {
    events,
    lastId: () => lastId,
    until: (isTrue) =>
      vi.waitFor(
        async () => {
          if (!(await isTrue(events))) throw new Error(`Not yet: ${JSON.stringify(events.slice(-5))}`);
        },
        { timeout: 10_000, interval: 20 },
      ),
    ended,
    stop: async () => {
      await reader.cancel().catch(() => undefined);
    },
  };
}
