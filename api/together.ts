import { isDatabaseAway } from '../db/index.ts';

/** How work is done together. */
interface Options<In> {
  /** Most inputs at a time: more would make the first of them wait for the last. */
  readonly most: number;
  /** Inputs with the same key are never done in one go; the second one waits. */
  readonly keyOf?: (input: In) => string;
}

interface Pending<In, Out> {
  readonly input: In;
  readonly resolve: (output: Out) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does work of one kind in the database for those who ask for it at the same time, so that they share a transaction.
 * Whoever asks while work is being done waits for the next time, so each finds everything that was committed before it
 * asked.
 *
 * @param work the outputs, in the order of the inputs
 * @example const ask = together((ids: readonly string[]) => readAll(ids), { most: 100 }); await ask('a');
 */
export function together<In, Out>(
  work: (inputs: readonly In[]) => Promise<readonly Out[]>,
  { most, keyOf }: Options<In>,
): (input: In) => Promise<Out> {
  const queue: Pending<In, Out>[] = [];
  let working = false;
  const workOff = async (): Promise<void> => {
    while (queue.length > 0) await forAWhile(attempt(work, take(queue, most, keyOf)));
    working = false;
  };
  return (input) =>
    new Promise((resolve, reject) => {
      queue.push({ input, resolve, reject });
      if (working) return;
      working = true;
      // Requests that have arrived by now are read before that, and can join.
      setImmediate(() => void workOff());
    });
}

/** How long others wait for work that takes long: a connection that hangs holds up only those whose work it does. */
const PATIENCE_MS = 1_000;

async function forAWhile(work: Promise<void>): Promise<void> {
  const patience = Promise.withResolvers<void>();
  const timer = setTimeout(patience.resolve, PATIENCE_MS);
  await Promise.race([work, patience.promise]);
  clearTimeout(timer);
}

/** The first of the queue, each key once. */
function take<In, Out>(
  queue: Pending<In, Out>[],
  most: number,
  keyOf: Options<In>['keyOf'],
): readonly Pending<In, Out>[] {
  if (!keyOf) return queue.splice(0, most);
  const keys = new Set<string>();
  const isOnce = ({ input }: Pending<In, Out>) => !keys.has(keyOf(input));
  while (keys.size < Math.min(most, queue.length) && isOnce(queue[keys.size]!))
    keys.add(keyOf(queue[keys.size]!.input));
  return queue.splice(0, keys.size);
}

async function attempt<In, Out>(
  work: (inputs: readonly In[]) => Promise<readonly Out[]>,
  pending: readonly Pending<In, Out>[],
): Promise<void> {
  try {
    const outputs = await work(pending.map(({ input }) => input));
    for (const [at, { resolve }] of pending.entries()) resolve(outputs[at] as Out);
  } catch (error) {
    // One of them may have failed all of them, so each is tried alone; but not while the database is away for all.
    if (pending.length > 1 && !isDatabaseAway(error)) for (const one of pending) await attempt(work, [one]);
    else for (const { reject } of pending) reject(error);
  }
}
