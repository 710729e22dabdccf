/** A log to which an error is written. */
interface Log {
  error(fields: object, message: string): void;
}

/** From then on only some are logged, because a broken timer may fail a thousand times a second. */
const LOGGED_ONE_BY_ONE = 20;
const LOGGED_PER = 100;

/**
 * Lets the process go on when an error reaches nobody: a rejection that is not handled, an exception in a timer of a
 * library. Node would end the process, and with it every run it is working for, because of a mistake that concerns one
 * of them. Errors are logged, with how many there have been since the process began.
 */
export function surviveUncaught(log: Log): void {
  let count = 0;
  const note = (kind: string) => (reason: unknown) => {
    count++;
    if (count > LOGGED_ONE_BY_ONE && count % LOGGED_PER !== 0) return;
    const err = reason instanceof Error ? reason : new Error(String(reason));
    log.error({ err, kind, count }, 'nobody caught an error: a mistake in Blok, please report it');
  };
  process.on('unhandledRejection', note('unhandledRejection'));
  process.on('uncaughtException', note('uncaughtException'));
}
