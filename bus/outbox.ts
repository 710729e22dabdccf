import type { Hint } from './envelope.ts';

/** Hints that wait to be sent. */
export interface Outbox {
  put(hint: Hint): void;
  /** Tries once more to send what waits, for a moment, and sends nothing after that. */
  close(): Promise<void>;
}

/** Most hints that wait while nothing can be sent. The oldest are dropped, because whoever needs to know looks anyway. */
const MOST = 1_000;
/** What could not be sent is tried again after this long. */
const AGAIN_MS = 1_000;
/** How long a process that ends waits for its last hints to be sent. */
const CLOSE_MS = 1_000;

/** Sends hints in batches, one batch at a time. The same hint that waits twice is sent once. */
export function createOutbox(options: {
  /** Shortest time between the beginnings of two sendings. */
  readonly everyMs: number;
  readonly send: (hints: readonly Hint[]) => Promise<void>;
  readonly most?: number;
  readonly againMs?: number;
}): Outbox {
  const { everyMs, send, most = MOST, againMs = AGAIN_MS } = options;
  let isClosing = false;
  let goOn: () => void = () => undefined;
  const waiting = new Map<string, Hint>();
  let working: Promise<void> | undefined;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      goOn = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const keep = (hints: readonly Hint[]): void => {
    for (const hint of hints) waiting.set(JSON.stringify(hint), hint);
    for (const oldest of waiting.keys()) {
      if (waiting.size <= most) break;
      waiting.delete(oldest);
    }
  };

  async function sendAll(): Promise<void> {
    // What is told in the same moment travels together.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.size > 0) {
      const begun = performance.now();
      const batch = [...waiting.values()];
      waiting.clear();
      const sent = await send(batch).then(
        () => true,
        () => false,
      );
      if (!sent) {
        const newer = [...waiting.values()];
        waiting.clear();
        keep([...batch, ...newer]);
        if (isClosing) return;
      }
      const rest = (sent ? everyMs : againMs) - (performance.now() - begun);
      if (rest > 0 && !isClosing) await pause(rest);
    }
  }

  return {
    put: (hint) => {
      if (isClosing) return;
      keep([hint]);
      working ??= sendAll().finally(() => {
        working = undefined;
      });
    },
    close: async () => {
      isClosing = true;
      goOn();
      await Promise.race([working, pause(CLOSE_MS)]);
      goOn();
    },
  };
}
