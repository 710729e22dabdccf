import type { Rate } from '../throttle/index.ts';
import type { Change } from './pacing.ts';

/** What shares one rate: the calls of a connection, or of a channel of it. */
export interface Bucket {
  readonly workspace: string;
  readonly key: string;
  readonly rate: Rate;
}

/** Where the state of buckets is. */
export interface PaceStore {
  /** Changes a bucket in one step, by the clock of the store. The change may be computed several times. */
  change<T>(bucket: Bucket, change: Change<T>): Promise<T>;
}
