import type { Client } from '@temporalio/client';
import type { Database, Keyring } from '../../db/index.ts';
import type { Network, NodeOptions } from '../../integrations/context.ts';

/** What activities work with: opened once by the worker, passed down. */
export interface ActivityDeps {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly network: Network;
  /** Starts and awaits other runs. */
  readonly temporal: Client;
  /** Address of the product as people reach it, without a slash at the end. */
  readonly publicUrl: string;
  /** Most runs above one, each started by the one above it. */
  readonly maxDepth: number;
  /** Most open runs of a workspace with which a run may start another. */
  readonly maxOpenRuns: number;
  /** What the operator chose for nodes. */
  readonly nodeOptions?: NodeOptions;
  readonly log: ActivityLog;
}

/** A logger; never given parameters, outputs or secrets. */
export interface ActivityLog {
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
}
