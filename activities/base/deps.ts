import type { Client } from '@temporalio/client';
import type { Bus, Followed } from '../../bus/index.ts';
import type { Credentials } from '../../credentials/index.ts';
import type { Database, Keyring, Signer } from '../../db/index.ts';
import type { PriceList } from '../../integrations/ai/prices/price-list.ts';
import type { Network, NodeOptions } from '../../integrations/context.ts';
import type { QueueName } from '../../integrations/define.ts';
import type { Lines } from '../../pace/index.ts';
import type { Telemetry } from '../../telemetry/open.ts';
import type { Listeners } from '../listening/listeners.ts';
import type { Turns } from '../turns/turns.ts';
import type { Memory } from './memory.ts';
import type { RunEnds } from './run-ends.ts';

/** What activities work with. The worker opens it once and passes it down. */
export interface ActivityDeps {
  readonly database: Database;
  /** Tells the processes that wait for runs. */
  readonly bus: Bus;
  /** Who follows what happens, anywhere. */
  readonly followed: Followed;
  readonly keyring: Keyring;
  /** Signs the starts of called runs, and knows signed ones. */
  readonly signer: Signer;
  readonly network: Network;
  /** Opens connections, with tokens that are valid now. */
  readonly credentials: Credentials;
  /** Starts and awaits other runs. */
  readonly temporal: Client;
  /** Address at which people reach the product, without a trailing slash. */
  readonly publicUrl: string;
  /** Most runs that may be above a run, each started by the one above it. */
  readonly maxDepth: number;
  /** How many runs of a workspace may be open when a run starts another. */
  readonly maxOpenRuns: number;
  /** Shared by the steps of this process for what they receive. */
  readonly memory: Memory;
  /** What is left in this process of runs that end. */
  readonly runEnds: RunEnds;
  /** Turns of the node types with a queue, by queue. */
  readonly turns: Readonly<Record<QueueName, Turns>>;
  /** Turns of calls to providers, shared by all workers. */
  readonly pace: Lines;
  /** What calls to models cost. */
  readonly prices: PriceList;
  /** What the operator chose for nodes. */
  readonly nodeOptions?: NodeOptions;
  /** What operators watch; absent: nothing. */
  readonly telemetry?: Telemetry;
  /** What this worker listens to between the looks of watches. */
  readonly listeners: Listeners;
  readonly log: ActivityLog;
}

/** A logger. It is never given parameters, outputs or secrets. */
export interface ActivityLog {
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
}
