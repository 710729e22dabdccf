import type { Listening } from '../../integrations/define-trigger.ts';

/** Most watches that one worker listens for; the others rely on their polls. */
const MOST = 500;

/** A connection is opened anew after this long, because one that is broken may look as if nothing happened. */
const LIFE_MS = 600_000;

/** Hints of one watch are not closer to each other than this. */
const GAP_MS = 1_000;

/** What a worker is to listen for. */
export interface Listener {
  /** The watch. */
  readonly id: string;
  /** What is listened for: another text means that it is something else. */
  readonly mark: string;
  /** For how long after this look the worker goes on listening, if it does not look again. */
  readonly forMs: number;
  open(hint: () => void): Promise<Listening | null>;
  /** Makes the watch look. */
  hint(): void;
}

/** What a worker listens to between the looks of watches. */
export interface Listeners {
  /** Listens for a watch from now on, or goes on with it. */
  keep(listener: Listener): void;
  /** Listens for a watch no more. */
  end(id: string): void;
  close(): void;
}

interface Kept {
  readonly mark: string;
  readonly life: NodeJS.Timeout;
  lease: NodeJS.Timeout;
  close(): void;
}

/**
 * Keeps what is listened to while watches look with this worker. There is no reconnecting: each look of the watch opens
 * what is not open.
 */
export function createListeners(): Listeners {
  const kept = new Map<string, Kept>();

  const end = (id: string, only?: Kept): void => {
    const one = kept.get(id);
    if (!one || (only && one !== only)) return;
    kept.delete(id);
    clearTimeout(one.life);
    clearTimeout(one.lease);
    one.close();
  };

  const begin = ({ id, mark, forMs, open, hint }: Listener): void => {
    const hints = spaced(hint);
    const later = (ms: number): NodeJS.Timeout => setTimeout(() => end(id), ms).unref();
    const one: Kept = { mark, life: later(LIFE_MS), lease: later(forMs), close: hints.stop };
    kept.set(id, one);
    const listen = async (): Promise<void> => {
      const listening = await open(hints.call);
      // There is nothing to listen to. That is asked again when the life of this entry is over.
      if (!listening) return;
      one.close = () => {
        hints.stop();
        listening.close();
      };
      if (kept.get(id) !== one) return one.close();
      await listening.ended;
      end(id, one);
    };
    // What is wrong with a connection is said by the look itself.
    listen().catch(() => end(id, one));
  };

  return {
    keep: (listener) => {
      const { id, mark, forMs } = listener;
      const known = kept.get(id);
      if (known?.mark === mark) {
        clearTimeout(known.lease);
        known.lease = setTimeout(() => end(id), forMs).unref();
        return;
      }
      end(id);
      if (kept.size < MOST) begin(listener);
    },
    end: (id) => end(id),
    close: () => {
      for (const id of [...kept.keys()]) end(id);
    },
  };
}

/** Calls at once, and then at most once in each gap: what comes in between is one call at its end. */
function spaced(call: () => void): { readonly call: () => void; readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let isWaiting = false;
  let isOver = false;
  const next = (): void => {
    timer = undefined;
    if (!isWaiting) return;
    isWaiting = false;
    run();
  };
  const run = (): void => {
    timer = setTimeout(next, GAP_MS).unref();
    call();
  };
  return {
    call: () => {
      if (isOver) return;
      if (timer) isWaiting = true;
      else run();
    },
    stop: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
