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
  answered(): void;
  failed(reason: string): void;
  /** From now on nothing is told. */
  end(): void;
}

/** Knows whether Redis is there, and tells the log when that changes: once, not with each request. */
export function createPresence(log: RedisLog): Presence {
  let state: 'unknown' | 'up' | 'unavailable' | 'ended' = 'unknown';
  let why = 'It has not answered yet.';
  return {
    isUp: () => state === 'up',
    reason: () => why,
    answered: () => {
      if (state === 'up' || state === 'ended') return;
      state = 'up';
      log.info({}, 'Redis answers');
    },
    failed: (reason) => {
      if (state === 'unavailable' || state === 'ended') return;
      state = 'unavailable';
      why = reason;
      log.warn({ reason }, 'Redis is unavailable: limits hold for each process alone, with a quarter of their rates');
    },
    end: () => {
      state = 'ended';
    },
  };
}
