/** What Blok needs from a Temporal namespace: Blok's search attributes, and histories kept for a week. */
import { Connection } from '@temporalio/client';
import type { google } from '@temporalio/proto';
import { SEARCH_ATTRIBUTES } from '../../workflows/contract.ts';
import { until } from '../process/wait.ts';

/**
 * How long Temporal keeps a closed run, in seconds. During this time, Temporal itself refuses a second start with the
 * same idempotency key.
 */
export const RETENTION_SECONDS = 7 * 24 * 3600;

/** The type asks for a 64-bit object; the wire takes the number. */
const RETENTION = { seconds: RETENTION_SECONDS } as unknown as google.protobuf.IDuration;

const NAMESPACE = 'default';

/**
 * Waits for a server and prepares its namespace `default`.
 * @param ended returns how the server ended, once it has
 * @returns what went wrong, or undefined
 */
export async function prepareNamespace(
  address: string,
  { withinMs, ended, signal }: { withinMs: number; ended: () => string | undefined; signal?: AbortSignal },
): Promise<string | undefined> {
  let last: unknown;
  const outcome = await until(
    async () => {
      const end = ended();
      if (end) return end;
      return prepare(address).then(
        () => 'ready',
        (error: unknown) => {
          last = error;
          return undefined;
        },
      );
    },
    { withinMs, everyMs: 100, signal },
  );
  if (outcome === 'ready') return undefined;
  return outcome ?? `no answer on ${address} in ${withinMs / 1000} s (${last instanceof Error ? last.message : last})`;
}

async function prepare(address: string) {
  const connection = await Connection.connect({ address, connectTimeout: 2_000 });
  try {
    const seconds = await ensureNamespace(connection, NAMESPACE);
    if (seconds < RETENTION_SECONDS) await raiseRetention(connection);
    await ensureSearchAttributes(connection, NAMESPACE);
  } finally {
    await connection.close();
  }
}

/**
 * Makes the namespace if it does not exist, with a week's retention.
 * @returns the retention of the namespace in seconds
 */
export async function ensureNamespace({ workflowService }: Connection, namespace: string): Promise<number> {
  try {
    const { config } = await workflowService.describeNamespace({ namespace });
    return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  } catch (error) {
    if (!isCode(error, NOT_FOUND)) throw error;
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: RETENTION });
    return RETENTION_SECONDS;
  }
}

async function raiseRetention({ workflowService }: Connection) {
  await workflowService.updateNamespace({ namespace: NAMESPACE, config: { workflowExecutionRetentionTtl: RETENTION } });
}

/**
 * Registers the search attributes of Blok that a namespace lacks, and waits until they can be used.
 * @throws what the server says if it does not allow this (Temporal Cloud: create the attributes there)
 */
export async function ensureSearchAttributes({ operatorService }: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = SEARCH_ATTRIBUTES.filter((name) => !customAttributes || !(name in customAttributes));
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
  await operatorService.addSearchAttributes({ namespace, searchAttributes });
  // The services learn about new attributes from a cache that they refresh every few seconds.
  await until(
    async () => {
      const { customAttributes: now } = await operatorService.listSearchAttributes({ namespace });
      return missing.every((name) => now && name in now);
    },
    { withinMs: 30_000, everyMs: 200 },
  );
}

/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's enum. */
const KEYWORD = 2;

/** gRPC status: not found. */
const NOT_FOUND = 5;

function isCode(error: unknown, code: number): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === code;
}
