import { ApiProblem } from '../../http/problem.ts';
import type { Stoppable } from '../../http/receive.ts';

/** How many bodies of one address are received at a time. */
const AT_ONCE = 100;
/** A body that takes longer gives its place to one that has just come. */
const SLOW_MS = 1_000;

/**
 * Places for the bodies that are being received. Slow bodies keep nobody out: when all places of an address are taken, the
 * sender with the most of them loses its oldest one to a request that has just come, if that body is slow or its sender
 * has more than a fair part.
 */
export interface Places {
  /** Receives a body. @throws ApiProblem `hook.busy` if there is no place, or the place was needed for another one */
  use<T>(of: { address: string; sender: string }, work: (stoppable: Stoppable) => Promise<T>): Promise<T>;
}

interface Place {
  readonly sender: string;
  readonly since: number;
  stop: (why: ApiProblem) => void;
}

export function createPlaces({ atOnce = AT_ONCE, slowMs = SLOW_MS, now = () => performance.now() } = {}): Places {
  const taken = new Map<string, Set<Place>>();
  return {
    use: async ({ address, sender }, work) => {
      const places = taken.get(address) ?? new Set();
      if (places.size >= atOnce) {
        const [oldest, most] = oldestOfMost(places);
        const isUnfair = most > 1 + [...places].filter((place) => place.sender === sender).length;
        if (!isUnfair && now() - oldest.since < slowMs) throw busy(atOnce);
        places.delete(oldest);
        oldest.stop(busy(atOnce));
      }
      const place: Place = { sender, since: now(), stop: () => undefined };
      taken.set(address, places.add(place));
      try {
        return await work((stop) => {
          place.stop = stop;
        });
      } finally {
        places.delete(place);
        // A body that lost its place may end after the others, when the address has places anew.
        if (places.size === 0 && taken.get(address) === places) taken.delete(address);
      }
    },
  };
}

/** The oldest place of the sender that has the most, and how many that sender has. */
function oldestOfMost(places: ReadonlySet<Place>): [oldest: Place, most: number] {
  // In the order of their oldest places.
  const bySender = [...Map.groupBy(places, ({ sender }) => sender).values()];
  const [first, ...others] = bySender;
  const most = others.reduce((one, other) => (other.length > one.length ? other : one), first!);
  return [most[0]!, most.length];
}

const busy = (count: number): ApiProblem =>
  new ApiProblem('hook.busy', `${count} bodies are being received at this address. Send it again soon.`);
