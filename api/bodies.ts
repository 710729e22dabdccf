/** What the bodies of all requests hold in memory together, in bytes. */
const ALL = 128 * 1024 * 1024;
/** So much of each body is not counted: a small request is taken whatever the large ones do. Connections bound these. */
const FREE = 32 * 1024;
/** How long a body waits for others to end. */
const WAIT_MS = 5_000;
/** A body that comes more slowly, in bytes per second, is given up if others wait for its room. */
const SLOW = 16 * 1024;
/** How long a body may be slow. */
const SLOW_MS = 3_000;
/** How often a body that waits looks for slow ones. */
const LOOK_MS = 500;

/** The bytes that one request holds. */
export interface Hold {
  /**
   * Counts bytes more, and waits until there is room for them.
   *
   * @returns whether they may be held; undefined, without any waiting, if they may
   */
  take(bytes: number): Promise<boolean> | undefined;
  giveBack(bytes: number): void;
  giveAllBack(): void;
  /** Says how to end the reception of the body, until it has been received: null. */
  receiving(stop: (() => void) | null): void;
}

/**
 * Bounds what the bodies of all requests of this process hold in memory together. A body is counted while it comes, so a
 * sender that announces much and sends nothing takes no room. The body that began first always goes on: otherwise many
 * that have come in part could wait for each other. If there is no room, the slowest one that is still coming is given up,
 * so that nobody keeps others out by sending slowly.
 */
export interface Bodies {
  open(): Hold;
}

interface Holder {
  bytes: number;
  /** When the reception began, in milliseconds, later by what it has waited for room: nothing is read meanwhile. */
  since: number;
  isWaiting: boolean;
  /** Ends the reception; null: nothing is being received. */
  stop: (() => void) | null;
}

interface Waiting {
  readonly holder: Holder;
  readonly bytes: number;
  readonly end: (isGranted: boolean) => void;
}

export function createBodies({ all = ALL, free = FREE, waitMs = WAIT_MS } = {}): Bodies {
  let counted = 0;
  /** Those that hold more than is free, in the order in which they began to. */
  const holders = new Set<Holder>();
  const waiting = new Set<Waiting>();

  const countOf = (bytes: number): number => Math.max(0, bytes - free);
  const add = (holder: Holder, bytes: number): void => {
    counted += countOf(holder.bytes + bytes) - countOf(holder.bytes);
    holder.bytes += bytes;
    if (holder.bytes > free) holders.add(holder);
    else holders.delete(holder);
  };
  const fits = (holder: Holder, bytes: number): boolean => {
    const more = countOf(holder.bytes + bytes) - countOf(holder.bytes);
    const [first = holder] = holders;
    return more === 0 || counted + more <= all || first === holder;
  };
  const wake = (): void => {
    for (const one of waiting) if (fits(one.holder, one.bytes)) one.end(true);
  };
  const giveUpSlowest = (): void => {
    const now = performance.now();
    const rate = ({ bytes, since }: Holder): number => (1_000 * bytes) / (now - since);
    const slow = [...holders].filter(
      (one) => one.stop && !one.isWaiting && now - one.since >= SLOW_MS && rate(one) < SLOW,
    );
    const slowest = slow.sort((a, b) => rate(a) - rate(b))[0];
    slowest?.stop?.();
    if (slowest) slowest.stop = null;
  };
  const wait = (holder: Holder, bytes: number): Promise<boolean> =>
    new Promise((resolve) => {
      giveUpSlowest();
      const began = performance.now();
      holder.isWaiting = true;
      const timer = setTimeout(() => one.end(false), waitMs).unref();
      const looking = setInterval(giveUpSlowest, LOOK_MS).unref();
      const one: Waiting = {
        holder,
        bytes,
        end: (isGranted) => {
          clearTimeout(timer);
          clearInterval(looking);
          waiting.delete(one);
          holder.isWaiting = false;
          holder.since += performance.now() - began;
          if (isGranted) add(holder, bytes);
          resolve(isGranted);
        },
      };
      waiting.add(one);
    });
  return {
    open: () => {
      const holder: Holder = { bytes: 0, since: performance.now(), isWaiting: false, stop: null };
      const giveBack = (bytes: number): void => {
        if (bytes === 0) return;
        add(holder, -bytes);
        wake();
      };
      return {
        take: (bytes) => (fits(holder, bytes) ? void add(holder, bytes) : wait(holder, bytes)),
        giveBack,
        giveAllBack: () => giveBack(holder.bytes),
        receiving: (stop) => {
          holder.stop = stop;
        },
      };
    },
  };
}
