/** How long an answer may take: requests of callers wait for it. */
const ANSWER_MS = 250;

/**
 * Waits for an answer, but not for long. When the time is over, answers that have arrived already are still read: after a
 * busy moment of this process they are what it reads next, and the server is not the slow one.
 *
 * @throws Error if there is none in time; what the command throws
 */
export async function soon<T>(answer: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => setImmediate(() => setImmediate(giveUp)), ANSWER_MS);
  const giveUp = () => reject(new Error(`It has not answered within ${ANSWER_MS} ms.`));
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    // What comes now comes too late for anybody.
    answer.catch(() => undefined);
    late.catch(() => undefined);
  }
}
