import { type InlineRunRecord, insertInlineRuns, type Tenant } from '../db/index.ts';

/** Writes inline runs. Those that end at the same time share a transaction, and so a wait for the disk. */
export interface InlineWriter {
  /**
   * Resolves when the run is on disk.
   *
   * @returns false if a run of this id was there before: then nothing was written
   */
  write(run: InlineRunRecord): Promise<boolean>;
}

interface Pending {
  readonly run: InlineRunRecord;
  readonly resolve: (isNew: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Most runs in one transaction: more would make the first of them wait for the last. */
const TOGETHER = 100;

export function createInlineWriter(tenant: <T>(fn: (tx: Tenant) => Promise<T>) => Promise<T>): InlineWriter {
  const queue: Pending[] = [];
  let writing = false;
  const writeAll = async (): Promise<void> => {
    writing = true;
    while (queue.length > 0) await writeTogether(tenant, takeDifferent(queue));
    writing = false;
  };
  return {
    write: (run) =>
      new Promise((resolve, reject) => {
        queue.push({ run, resolve, reject });
        if (!writing) void writeAll();
      }),
  };
}

/** The first runs of the queue, each id once: another request under the same key waits, and then finds the run. */
function takeDifferent(queue: Pending[]): Pending[] {
  const taken = new Map<string, Pending>();
  while (queue.length > 0 && taken.size < TOGETHER && !taken.has(queue[0]!.run.record.runId)) {
    const next = queue.shift()!;
    taken.set(next.run.record.runId, next);
  }
  return [...taken.values()];
}

async function writeTogether(
  tenant: <T>(fn: (tx: Tenant) => Promise<T>) => Promise<T>,
  pending: readonly Pending[],
): Promise<void> {
  try {
    const isNew = await tenant((tx) =>
      insertInlineRuns(
        tx,
        pending.map(({ run }) => run),
      ),
    );
    for (const { run, resolve } of pending) resolve(isNew.has(run.record.runId));
  } catch (error) {
    // One of them may have failed all of them, so each is tried alone.
    if (pending.length > 1) for (const one of pending) await writeTogether(tenant, [one]);
    else pending[0]!.reject(error);
  }
}
