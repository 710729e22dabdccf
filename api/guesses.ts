import { createLru } from '../graph/lru.ts';
import type { Sender } from '../guard/sender.ts';
import type { Rate, Throttle, Verdict } from '../throttle/index.ts';

/**
 * Slows down whoever tries out secrets. Only wrong attempts count, and they count against who makes them, so that a flood of
 * them keeps nobody else out: a sender that is right was never wrong.
 *
 * A sender whose name is not certain counts under the name that was said, and besides, all such senders of one connected
 * address share a larger number of attempts: otherwise somebody could say another name each time. Who has shown the secret
 * under a name before is not kept out by what others of the address do.
 */
export interface Guesses {
  /** Whether the sender may try, right or wrong. `http/allow-guess.ts` refuses those that may not. */
  judge(attempt: Attempt): Promise<Verdict>;
  /**
   * Notes that an attempt was wrong.
   *
   * @returns not allowed: attempts at the same time have used up what the sender had, so it must not learn that it was wrong
   */
  wrong(attempt: Attempt): Promise<Verdict>;
  /** Notes that the sender knows the secret. */
  right(attempt: Attempt): void;
}

export interface Attempt {
  /** Whose secret it is. */
  readonly at: string;
  readonly sender: Sender;
}

const MINUTE_MS = 60_000;
/** How often a sender may be wrong: often after a quiet time, because a sender with an old secret is no attacker. */
const OF_SENDER: Rate = { limit: 30, perMs: MINUTE_MS, burst: 100 };
/** How often all senders together may be wrong before each has fewer attempts, because somebody tries with many addresses. */
const OF_ALL: Rate = { limit: 600, perMs: MINUTE_MS, burst: 1_000 };
const OF_SENDER_UNDER_ATTACK: Rate = { ...OF_SENDER, burst: 3 };
/** How often all senders of one connected address may be wrong whose names are not certain. */
const OF_ADDRESS: Rate = { limit: 300, perMs: MINUTE_MS, burst: 1_000 };

/** Most senders that are remembered because they were right. */
const MOST_RIGHT = 10_000;

export function createGuesses(throttle: Throttle): Guesses {
  const wereRight = createLru<true>(MOST_RIGHT);
  const keyOf = ({ at, sender }: Attempt) => `wrong/${at}/${sender.name}`;
  const addressKeyOf = ({ at, sender }: Attempt) => `wrong/${at}/via/${sender.via}`;
  const lookUncertain = async (attempt: Attempt): Promise<Verdict> => {
    const { name } = attempt.sender;
    const own = name === null ? null : await throttle.look(keyOf(attempt), OF_SENDER);
    if (own && (!own.allowed || wereRight.get(keyOf(attempt)))) return own;
    return throttle.look(addressKeyOf(attempt), OF_ADDRESS);
  };
  return {
    judge: async (attempt) => {
      if (attempt.sender.via !== null) return lookUncertain(attempt);
      const all = await throttle.look(`wrong/${attempt.at}`, OF_ALL);
      return throttle.look(keyOf(attempt), all.allowed ? OF_SENDER : OF_SENDER_UNDER_ATTACK);
    },
    wrong: async (attempt) => {
      const { name, via } = attempt.sender;
      if (via === null) {
        const all = await throttle.take(`wrong/${attempt.at}`, OF_ALL);
        return throttle.take(keyOf(attempt), all.allowed ? OF_SENDER : OF_SENDER_UNDER_ATTACK);
      }
      const own = name === null ? null : await throttle.take(keyOf(attempt), OF_SENDER);
      const ofAddress = await throttle.take(addressKeyOf(attempt), OF_ADDRESS);
      return own && (!own.allowed || wereRight.get(keyOf(attempt))) ? own : ofAddress;
    },
    right: (attempt) => {
      const { name, via } = attempt.sender;
      if (name !== null && via !== null) wereRight.set(keyOf(attempt), true);
    },
  };
}
