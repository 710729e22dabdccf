import type { Rate, Throttle, Verdict } from '../throttle/index.ts';

/**
 * Slows down whoever tries out secrets. Only wrong attempts count, and they count against who makes them, so that a flood of
 * them keeps nobody else out: a sender that is right was never wrong.
 */
export interface Guesses {
  /** Whether the sender may try, right or wrong. `http/allow-guess.ts` refuses those that may not. */
  judge(attempt: Attempt): Promise<Verdict>;
  /** Notes that an attempt was wrong. */
  wrong(attempt: Attempt): Promise<void>;
}

export interface Attempt {
  /** Whose secret it is. */
  readonly at: string;
  /** Null: senders cannot be told apart, and none is refused for what another may have done. */
  readonly sender: string | null;
}

const MINUTE_MS = 60_000;
/** How often a sender may be wrong: often after a quiet time, because a sender with an old secret is no attacker. */
const OF_SENDER: Rate = { limit: 30, perMs: MINUTE_MS, burst: 100 };
/** How often all senders together may be wrong before each has fewer attempts, because somebody tries with many addresses. */
const OF_ALL: Rate = { limit: 600, perMs: MINUTE_MS, burst: 1_000 };
const OF_SENDER_UNDER_ATTACK: Rate = { ...OF_SENDER, burst: 3 };

export function createGuesses(throttle: Throttle): Guesses {
  const keyOf = ({ at, sender }: Attempt) => `wrong/${at}/${sender}`;
  return {
    judge: async (attempt) => {
      if (attempt.sender === null) return { allowed: true, retryAfterMs: 0 };
      const all = await throttle.look(`wrong/${attempt.at}`, OF_ALL);
      return throttle.look(keyOf(attempt), all.allowed ? OF_SENDER : OF_SENDER_UNDER_ATTACK);
    },
    wrong: async (attempt) => {
      if (attempt.sender === null) return;
      await Promise.all([throttle.take(`wrong/${attempt.at}`, OF_ALL), throttle.take(keyOf(attempt), OF_SENDER)]);
    },
  };
}
