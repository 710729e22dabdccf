import type { NodeContext } from '../../context.ts';
import type { CallMemory } from '../../models/port.ts';

/** The memory of a call, by its name. */
export type MemoryOf = (call: string) => CallMemory;

/** What a step with many parts has finished. It survives crashes: what is finished is never done, and never paid for, again. */
export interface Journal {
  /**
   * What a part came to: kept from an earlier attempt, or done now and kept before it is returned.
   *
   * @param key names the part within the step
   * @param work its result is JSON. It gets the memory of each call to a model that it makes, by a name of its own
   */
  part<T>(key: string, work: (memoryOf: MemoryOf) => Promise<T>): Promise<T>;
}

/** What the cell holds. Results are blobs, because a cell is small. */
interface Kept {
  /** Digest of what the parts are parts of. */
  readonly of: string;
  /** Blobs with results of earlier parts, by key: each holds `PAGE` of them. */
  readonly pages: readonly string[];
  /** Blobs of the results of the last parts, by key. */
  readonly done: Readonly<Record<string, string>>;
  /** Ids of answers that providers work on, by the key of a part that is not finished, and the name of the call. */
  readonly open: Readonly<Record<string, string>>;
}

/** Finished parts that the cell itself names: 300 take 25 KB of its 64. */
const PAGE = 300;

/**
 * Opens the journal of a step in its cell.
 *
 * @param of what decides how the work is divided: the journal of other work is not continued
 */
export async function openJournal(ctx: NodeContext, of: unknown): Promise<Journal> {
  const cell = ctx.cell();
  // The catalogue, which nodes are part of, loads nothing of Node.
  const { createHash } = await import('node:crypto');
  const digest = createHash('sha256').update(JSON.stringify(of)).digest('hex');
  const found = (await cell.read()) as unknown as Kept | null;
  const kept: Kept = found?.of === digest ? found : { of: digest, pages: [], done: {}, open: {} };
  const state = { pages: [...kept.pages], done: { ...kept.done }, open: { ...kept.open } };
  const finished = new Map(Object.entries(state.done));
  for (const page of state.pages) {
    for (const [key, blob] of Object.entries(await readJson<Record<string, string>>(ctx, page)))
      finished.set(key, blob);
  }

  // One write at a time, each with what is true when its turn comes: a later write never stores less than an earlier one.
  let last: Promise<void> = Promise.resolve();
  const save = (): Promise<void> => {
    last = last.then(() => cell.write({ of: digest, ...state }));
    return last;
  };

  const memoryOf =
    (key: string): MemoryOf =>
    (call) => ({
      read: async () => state.open[`${key}/${call}`] ?? null,
      write: async (id) => {
        state.open[`${key}/${call}`] = id;
        await save();
      },
      clear: async () => {
        delete state.open[`${key}/${call}`];
        await save();
      },
    });

  async function finish(key: string, value: unknown): Promise<void> {
    const { sha256 } = await ctx.blobs.put(Buffer.from(JSON.stringify(value)));
    if (Object.keys(state.done).length >= PAGE) {
      const full = { ...state.done };
      const page = await ctx.blobs.put(Buffer.from(JSON.stringify(full)));
      state.pages.push(page.sha256);
      for (const old of Object.keys(full)) delete state.done[old];
    }
    state.done[key] = sha256;
    for (const call of Object.keys(state.open)) if (call.startsWith(`${key}/`)) delete state.open[call];
    await save();
  }

  return {
    async part<T>(key: string, work: (memoryOf: MemoryOf) => Promise<T>): Promise<T> {
      const blob = finished.get(key);
      if (blob !== undefined) return readJson<T>(ctx, blob);
      const value = await work(memoryOf(key));
      await finish(key, value);
      return value;
    },
  };
}

const readJson = async <T>(ctx: NodeContext, sha256: string): Promise<T> =>
  JSON.parse(Buffer.from(await ctx.blobs.get(sha256)).toString()) as T;
