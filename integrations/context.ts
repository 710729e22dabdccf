import type { SecureContext } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { Json } from '../graph/json.ts';
import type { Payments } from './payments.ts';
import type { Prompts } from './prompts.ts';
import type { Spending } from './spending.ts';

/** What the code of a provider receives, whether it runs as a node or looks for a trigger. */
export interface ProviderContext {
  readonly workspace: string;
  readonly workflow: string;
  /** The same on every retry and after a crash. Pass it to any service that can deduplicate. */
  readonly idempotencyKey: string;
  /** The opened connection, if the node names one. Never log or return it. */
  readonly connection: OpenConnection | null;
  /** Aborted when the step is cancelled or its attempt times out. */
  readonly signal: AbortSignal;
  readonly log: { info(message: string, data?: object): void; warn(message: string, data?: object): void };
  /**
   * The beginning of a text for an error, with `…` if there is more. A node never cuts what a service sent by itself: the
   * connection's secrets are taken out of the whole text first, because half a secret is not recognised any more.
   */
  excerpt(text: string, length: number): string;
  /** Reports that the attempt is alive. The wrapper also does this by itself every few seconds. */
  heartbeat(): void;
  /**
   * Waits until there is memory for bytes that the node is about to keep, such as a part of an answer. They count until the
   * node has ended.
   */
  hold(bytes: number): Promise<void>;
  /** Guarded network access: refuses private, loopback and link-local addresses unless the operator allowed them. */
  readonly network: Network;
  /**
   * The global `fetch`, but through the guard, and ended together with the step: for a provider's library, which would
   * go around the guard with its own. A header that may be a credential is not sent on to another origin.
   */
  readonly fetch: typeof globalThis.fetch;
  readonly blobs: BlobStore;
  /** Limits that the provider sets, shared by all workers. */
  readonly rate: SharedRate;
  /** The operator's settings. If absent, the defaults apply. */
  readonly options?: NodeOptions;
}

/** What a node's `run` receives besides its parameters. */
export interface NodeContext extends ProviderContext {
  readonly runId: string;
  /** Step path within the run. */
  readonly step: string;
  /** Counts from 1, across all activities of the step. */
  readonly attempt: number;
  /** The run does much at a time, and this step is not among its first: those of other runs go before it. */
  readonly inCrowd: boolean;
  readonly files: FileStore;
  readonly kv: KvStore;
  readonly events: EventOutbox;
  /** What the step remembers between its attempts. */
  cell<T extends Json>(): Cell<T>;
  /**
   * True if an earlier attempt may have had its effect although nobody knows: search the service for this step's key
   * before you create anything again.
   *
   * The rule: true from the second attempt on, unless each attempt before failed in a way that says that nothing
   * happened (`unknown: false`), and said so before its worker was lost. So it is also true after a crash, after a
   * timeout, after a long wait between two attempts, and whenever Blok is not sure, because a search too many costs
   * little. It does not depend on the cell: read the cell first, and search only if it is empty.
   */
  readonly lookBefore: boolean;
  /**
   * Whether the step has ended for good: it is cancelled, its time is up, or its run has ended. Then `signal` is aborted and no attempt follows, so
   * that a node may stop what a service still does for it. Absent in tests of nodes: it has not.
   */
  readonly isOver?: () => Promise<boolean>;
  /** The accounts for calls to models. Absent where nothing is kept, as in tests of nodes: then calls are not counted. */
  readonly spending?: Spending;
  /** The prompts of the workspace. Absent in tests of nodes. */
  readonly prompts?: Prompts;
  /** The ledger of payments. Absent where nothing is kept, as in tests of nodes: then nothing is paid. */
  readonly payments?: Payments;
}

/**
 * A durable value of the step, the same for all its attempts. Write it between the two phases of an effect, and an effect
 * that can be finished only once happens only once: make a draft, write its id, send the draft. It survives crashes and
 * retries, holds at most 64 KB of JSON, is stored encrypted, and goes some time after the run has ended.
 */
export interface Cell<T extends Json> {
  /** Null until something is written. From then on, earlier attempts that still work somewhere cannot write any more. */
  read(): Promise<T | null>;
  /** Returns once the value is on disk. Fails with `cell.superseded` if a later attempt has begun: then stop. */
  write(value: T): Promise<void>;
}

/** What a trigger's `poll` receives besides its parameters. */
export interface PollContext extends ProviderContext {
  /** Id of the trigger in its graph. */
  readonly trigger: string;
  readonly files: FileChanges;
}

/** Settings of the operator that nodes follow. Main files read them from the environment. */
export interface NodeOptions {
  /** The wall around scripts. The default, `auto`, is the strongest one that works on this machine. */
  readonly codeSandbox?: 'auto' | 'bwrap' | 'namespaces' | 'process';
  /** Where files are kept that can be made again. Default: beside the libraries. */
  readonly cacheFolder?: string | undefined;
  /** Folders of the worker's machine that triggers may watch, with what is below them. Default: none. */
  readonly watchFolders?: readonly string[];
}

/** How many calls a provider allows. */
export interface RateLimit {
  readonly limit: number;
  /** In how much time: a duration. */
  readonly per: string;
  /** How many may be made at once after a quiet time; default 1. */
  readonly burst?: number | undefined;
}

/** The limits of a step's connection and channel, shared by all workers. If there are none, nothing waits. */
export interface SharedRate {
  /** Waits until one more call may be made. A node's first call does not wait: its turn came before the node began. */
  turn(): Promise<void>;
  /** Heeds what an answer says about limits: nobody calls before the time that it names. Names of headers are in lower case. */
  heed(answer: { readonly status: number; readonly headers: Readonly<Record<string, string>> }): Promise<void>;
}

/** A stored credential, decrypted. */
export interface OpenConnection {
  readonly name: string;
  readonly type: string;
  /** The decrypted fields, as the connection type defines them. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Connections that this one names, by the field that names them (`links` of its type). */
  readonly linked?: Readonly<Record<string, OpenConnection>>;
  /** Hosts the credential may be sent to. If empty, the hosts that the connection type implies. */
  readonly hosts: readonly string[];
  /** How many calls its owner allows, in all workers together. */
  readonly rateLimit?: RateLimit | null;
  /**
   * For an access token that its service refuses (401) although it has not ended: the connection with another token. Call it
   * once, and repeat the request once. Absent: there is no other token to be had.
   */
  readonly renew?: () => Promise<OpenConnection>;
}

/** A dispatcher with certificates of a connection. */
export interface SecuredDispatcher {
  readonly dispatcher: Dispatcher;
  close(): Promise<void>;
}

/** Guarded network access: one dialer for HTTP, mail and databases. */
export interface Network {
  /** undici dispatcher whose every connect is checked. */
  readonly dispatcher: Dispatcher;
  /** Another dispatcher with the same guard and its own certificates. Close it after use. */
  secured(context: SecureContext): SecuredDispatcher;
  /** Resolves a host for a TCP client and refuses what is not allowed. Connect to the address it returns. */
  resolve(host: string, port: number): Promise<{ address: string; family: 4 | 6 }>;
}

/** Files of the workspace: names are keys in a store, never paths on a machine. */
export interface FileStore {
  read(path: string): Promise<{ bytes: Uint8Array; contentType: string | null; modifiedAt: string } | null>;
  /** A reference to the content of a file, for `ctx.blobs.open`: large files are read as streams. */
  refer(path: string): Promise<ChangedFile | null>;
  /** Writes exactly once a file whose content `ctx.blobs.write` has stored. */
  writeStored(path: string, sha256: string, contentType: string | null): Promise<{ size: number; sha256: string }>;
  /** Writes exactly once, because of `ctx.idempotencyKey`. */
  write(path: string, bytes: Uint8Array, contentType: string | null): Promise<{ size: number; sha256: string }>;
  list(prefix: string, limit: number): Promise<{ path: string; size: number; modifiedAt: string }[]>;
  delete(path: string): Promise<{ deleted: boolean }>;
}

/** A file of the workspace, as it was when somebody looked. */
export interface ChangedFile {
  readonly path: string;
  readonly size: number;
  readonly contentType: string | null;
  readonly sha256: string;
  readonly modifiedAt: string;
}

/** What was written to the files of the workspace. */
export interface FileChanges {
  /** Files under a prefix that were written after another one, or all, the oldest first. */
  since(prefix: string, after: Pick<ChangedFile, 'modifiedAt' | 'path'> | null, limit: number): Promise<ChangedFile[]>;
  /** The last file that was written under a prefix, or null. */
  last(prefix: string): Promise<ChangedFile | null>;
}

/** State between runs. Writes happen exactly once, because of `ctx.idempotencyKey`. */
export interface KvStore {
  get(key: string, scope: 'workflow' | 'workspace'): Promise<{ value: Json; version: number | null }>;
  set(
    key: string,
    value: Json,
    options: { scope: 'workflow' | 'workspace'; ttlMs?: number; ifVersion?: number | null },
  ): Promise<{ value: Json; previous: Json; version: number }>;
  delete(key: string, scope: 'workflow' | 'workspace'): Promise<{ previous: Json; deleted: boolean }>;
}

/** An event that a step sends. */
export interface EmittedEvent {
  readonly name: string;
  readonly key: string | null;
  readonly data: Json;
}

/** Sends events of the step to the workspace. The step has one event, however often it is tried. */
export interface EventOutbox {
  emit(
    event: EmittedEvent,
  ): Promise<{ id: string; delivered: number; triggers: { workflow: string; trigger: string }[] }>;
}

/** Large data that is passed by reference. */
export interface BlobStore {
  put(bytes: Uint8Array): Promise<{ sha256: string; size: number }>;
  get(sha256: string): Promise<Uint8Array>;
  /** Stores bytes as they arrive, up to 5 GB with little memory. If they end in an error, nothing of them is kept. */
  write(bytes: AsyncIterable<Uint8Array>): Promise<{ sha256: string; size: number }>;
  /** The bytes as they are needed, from a position on. */
  open(sha256: string, from?: number): Promise<{ size: number; bytes: AsyncIterable<Uint8Array> }>;
}
