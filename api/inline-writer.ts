import { type InlineRunRecord, insertInlineRuns, type Tenant } from '../db/index.ts';
import { together } from './together.ts';

/** Writes inline runs. Those that end at the same time share a transaction, and so a wait for the disk. */
export interface InlineWriter {
  /**
   * Resolves when the run is on disk.
   *
   * @returns false if a run of this id was there before: then nothing was written
   */
  write(run: InlineRunRecord): Promise<boolean>;
}

const TOGETHER = 100;

/** @param told called when runs were written */
export function createInlineWriter(
  tenant: <T>(fn: (tx: Tenant) => Promise<T>) => Promise<T>,
  told: (runs: readonly InlineRunRecord[]) => void,
): InlineWriter {
  const idOf = ({ record }: InlineRunRecord): string => record.runId;
  const writeAll = async (runs: readonly InlineRunRecord[]): Promise<boolean[]> => {
    const isNew = await tenant((tx) => insertInlineRuns(tx, runs));
    told(runs.filter((run) => isNew.has(idOf(run))));
    return runs.map((run) => isNew.has(idOf(run)));
  };
  // Another request under the same key waits, and then finds the run.
  return { write: together(writeAll, { most: TOGETHER, keyOf: idOf }) };
}
