/** Where it is told that Redis goes and comes. */
export interface RedisLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Whether Redis is there, as far as is known. */
export interface Presence {
  isUp(): boolean;
  /** Why it is not. */
  reason(): string;
  isHere(): void;
  isAway(reason: string): void;
  /** From now on nothing is told. */
  end(): void;
}

/** Knows whether Redis is there, and tells the log when that changes: once, not with each request. */
export function createPresence(log: RedisLog): Presence {
  let state: 'unknown' | 'up' | 'away' | 'ended' = 'unknown';
  let why = 'It has not answered yet.';
  return {
    isUp: () => state === 'up',
    reason: () => why,
    isHere: () => {
      if (state === 'up' || state === 'ended') return;
      state = 'up';
      log.info({}, 'Redis answers');
    },
    isAway: (reason) => {
      if (state === 'away' || state === 'ended') return;
      state = 'away';
      why = reason;
      log.warn({ reason }, 'Redis is away: limits hold for each process alone, with a quarter of their rates');
    },
    end: () => {
      state = 'ended';
    },
  };
}
