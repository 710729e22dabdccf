import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Json } from '../../graph/json.ts';
import type { BlobStore, Cell, FileStore, KvStore, NodeContext, OpenConnection } from '../context.ts';
import type { NodeType } from '../define.ts';
import { NodeError } from '../error.ts';
import { guardedFetch } from '../network/guarded-fetch.ts';
import { createNetwork } from '../network/network.ts';

/** The parts of a fake context that a test may want to see or set. */
export type FakeContext = NodeContext & {
  /** Everything logged, in order. */
  readonly logged: { level: 'info' | 'warn'; message: string; data?: object }[];
  readonly heartbeats: { count: number };
};

/**
 * A context for tests of nodes: stores in memory, and a guarded network that allows loopback and nothing else.
 *
 * @example const ctx = fakeContext({ connection: { name: 'crm', type: 'http-bearer', data: { token: 't' }, hosts: [] } });
 */
export function fakeContext(
  overrides: Partial<NodeContext> & { connection?: OpenConnection | null } = {},
): FakeContext {
  const logged: FakeContext['logged'] = [];
  const heartbeats = { count: 0 };
  const network = overrides.network ?? createNetwork({ allow: ['localhost', '127.0.0.0/8', '::1'] });
  const signal = overrides.signal ?? new AbortController().signal;
  const cell = memoryCell();
  const blobs = memoryBlobs();
  const idempotencyKey = overrides.idempotencyKey ?? 'ws/test/call/run-1/step';
  return {
    workspace: 'ws',
    runId: 'run-1',
    workflow: 'test',
    step: 'step',
    attempt: 1,
    inCrowd: false,
    idempotencyKey,
    connection: null,
    signal,
    log: {
      info: (message, data) => void logged.push({ level: 'info', message, ...(data && { data }) }),
      warn: (message, data) => void logged.push({ level: 'warn', message, ...(data && { data }) }),
    },
    excerpt: (text, length) => (text.length > length ? `${text.slice(0, length)}…` : text),
    heartbeat: () => {
      heartbeats.count += 1;
    },
    hold: () => Promise.resolve(),
    network,
    fetch: guardedFetch(network, signal),
    files: memoryFiles(blobs),
    kv: memoryKv(idempotencyKey),
    blobs,
    rate: { turn: () => Promise.resolve(), heed: () => Promise.resolve() },
    events: { emit: async () => ({ id: 'run:run-1 step', delivered: 0, triggers: [] }) },
    cell: <T extends Json>() => cell as unknown as Cell<T>,
    lookBefore: false,
    ...overrides,
    logged,
    heartbeats,
  };
}

/** Parses the parameters as the worker does, runs the node, and parses the output. */
export async function runNode<I extends z.ZodType, O extends z.ZodType>(
  node: NodeType<I, O>,
  ctx: NodeContext,
  parameters: z.input<I>,
): Promise<z.output<O>> {
  return node.output.parse(await node.run(ctx, node.input.parse(parameters)));
}

/** The `NodeError` a promise rejects with; fails the test if it does anything else. */
export async function failure(promise: Promise<unknown>): Promise<NodeError> {
  const outcome = await promise.then(
    (value) => new Error(`expected a failure, got ${JSON.stringify(value)?.slice(0, 200)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof NodeError) return outcome;
  throw outcome;
}

function memoryCell(): Cell<Json> {
  let text: string | null = null;
  return {
    read: async () => (text === null ? null : (JSON.parse(text) as Json)),
    write: async (value) => {
      text = JSON.stringify(value);
    },
  };
}

function memoryFiles(blobs: BlobStore): FileStore {
  const files = new Map<string, { bytes: Uint8Array; contentType: string | null; modifiedAt: string }>();
  return {
    read: async (path) => files.get(path) ?? null,
    async refer(path) {
      const file = files.get(path);
      if (!file) return null;
      const { contentType, modifiedAt } = file;
      return { path, contentType, modifiedAt, ...(await blobs.put(file.bytes)) };
    },
    async writeStored(path, hash, contentType) {
      return this.write(path, await blobs.get(hash), contentType);
    },
    async write(path, bytes, contentType) {
      files.set(path, { bytes, contentType, modifiedAt: '2026-01-01T00:00:00.000Z' });
      return { size: bytes.byteLength, sha256: sha256(bytes) };
    },
    list: async (prefix, limit) =>
      [...files]
        .filter(([path]) => path.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, limit)
        .map(([path, { bytes, modifiedAt }]) => ({ path, size: bytes.byteLength, modifiedAt })),
    delete: async (path) => ({ deleted: files.delete(path) }),
  };
}

function memoryKv(idempotencyKey: string): KvStore {
  const entries = new Map<string, { value: Json; version: number }>();
  const answers = new Map<string, { value: Json; previous: Json; version: number }>();
  const at = (key: string, scope: string) => `${scope}:${key}`;
  return {
    get: async (key, scope) => entries.get(at(key, scope)) ?? { value: null, version: null },
    async set(key, value, { scope, ifVersion }) {
      const before = answers.get(idempotencyKey);
      if (before) return before;
      const old = entries.get(at(key, scope));
      if (ifVersion !== undefined && ifVersion !== (old?.version ?? null)) {
        throw new NodeError('kv.conflict', `The key "${key}" has version ${old?.version ?? null}, not ${ifVersion}.`);
      }
      const answer = { value, previous: old?.value ?? null, version: (old?.version ?? 0) + 1 };
      entries.set(at(key, scope), answer);
      answers.set(idempotencyKey, answer);
      return answer;
    },
    async delete(key, scope) {
      const old = entries.get(at(key, scope));
      return { previous: old?.value ?? null, deleted: entries.delete(at(key, scope)) };
    },
  };
}

function memoryBlobs(): BlobStore {
  const blobs = new Map<string, Uint8Array>();
  return {
    async put(bytes) {
      blobs.set(sha256(bytes), bytes);
      return { sha256: sha256(bytes), size: bytes.byteLength };
    },
    async write(source) {
      const parts: Uint8Array[] = [];
      for await (const part of source) parts.push(part);
      return this.put(Buffer.concat(parts));
    },
    async open(hash, from = 0) {
      const bytes = await this.get(hash);
      return { size: bytes.byteLength, bytes: Readable.from([bytes.subarray(from)]) };
    },
    async get(hash) {
      const bytes = blobs.get(hash);
      if (!bytes) throw new NodeError('blob.notFound', `There is no blob ${hash} in the workspace.`);
      return bytes;
    },
  };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
