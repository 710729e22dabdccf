/** One connection that events are written to. */
export interface Outlet {
  readonly stream: ReadableStream<Uint8Array>;
  /** Hands a text out, or holds it until the reader takes more. */
  write(text: string): void;
  /** Whether everything was taken. */
  isEmpty(): boolean;
  close(): void;
}

/** Most that is held for a reader that takes nothing, in characters. */
const HELD = 64 * 1024;

/** How long a reader may take nothing before it is cut off: it may not even exist any more. */
const STUCK_MS = 60_000;

/**
 * A stream with a bounded memory. If a reader is too slow, what is held for it is dropped, and `instead` says what it gets
 * instead, once it reads again.
 */
export function createOutlet(on: { instead(): string; closed(): void }, stuckMs = STUCK_MS): Outlet {
  const encoder = new TextEncoder();
  let held: string[] = [];
  let size = 0;
  let isDropped = false;
  let isOver = false;
  let stuck: NodeJS.Timeout | undefined;
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(stuck);
    held = [];
    on.closed();
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given;
      },
      pull: () => {
        clearTimeout(stuck);
        stuck = undefined;
        if (isDropped) held = [on.instead()];
        isDropped = false;
        if (held.length > 0) controller.enqueue(encoder.encode(held.join('')));
        held = [];
        size = 0;
      },
      cancel: over,
    },
    { highWaterMark: HELD, size: ({ byteLength }) => byteLength },
  );
  const hold = (text: string): void => {
    stuck ??= setTimeout(() => {
      controller.error(new Error('The reader takes nothing.'));
      over();
    }, stuckMs).unref();
    if (isDropped) return;
    held.push(text);
    size += text.length;
    if (size <= HELD) return;
    held = [];
    size = 0;
    isDropped = true;
  };
  return {
    stream,
    write: (text) => {
      if (isOver) return;
      if ((controller.desiredSize ?? 0) > 0 && held.length === 0 && !isDropped)
        controller.enqueue(encoder.encode(text));
      else hold(text);
    },
    isEmpty: () => !isDropped && held.length === 0,
    close: () => {
      if (isOver) return;
      if (held.length > 0) controller.enqueue(encoder.encode(held.join('')));
      controller.close();
      over();
    },
  };
}
