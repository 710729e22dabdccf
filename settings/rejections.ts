/** A log to which a rejection is written. */
interface Log {
  error(fields: object, message: string): void;
}

/**
 * Lets the process go on when a promise is rejected and nobody handles it. Node would end the process, and with it
 * every run it is working for, because of a mistake that concerns one of them. Each rejection is logged as an error,
 * with how many there have been since the process began. An exception that nobody catches still ends the process.
 */
export function surviveRejections(log: Log): void {
  let rejections = 0;
  process.on('unhandledRejection', (reason) => {
    rejections += 1;
    const err = reason instanceof Error ? reason : new Error(String(reason));
    log.error({ err, rejections }, 'a rejected promise was not handled: a mistake in Blok, please report it');
  });
}
