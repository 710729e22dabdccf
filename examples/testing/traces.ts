/** Looks for a text wherever Blok could have put it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import postgres from 'postgres';

/** A search for one text: it records where data hold the text, in any of the forms in which bytes are written. */
export interface Search {
  /** Places where it was found, with the form. */
  readonly found: readonly string[];
  look(where: string, data: string | Uint8Array): void;
}

/** A search for an ASCII text: as it is, in hex, and in base64 at any offset. */
export function searchFor(text: string): Search {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6)),
  );
  const forms = [text, bytes.toString('hex'), bytes.toString('hex').toUpperCase(), ...base64];
  const found: string[] = [];
  return {
    found,
    look(where, data) {
      const buffer = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data);
      for (const form of forms) {
        const at = buffer.indexOf(form);
        if (at >= 0) found.push(`${where}: ${buffer.subarray(Math.max(0, at - 60), at + 60).toString('latin1')}`);
      }
    },
  };
}

/** All files of a folder, as bytes. */
export function lookInFiles(searches: readonly Search[], folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch (error) {
      // Servers are running, so a file may disappear while it is read.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw error;
    }
    for (const { look } of searches) look(path, bytes);
  }
}

/**
 * Searches all events of all histories, with payloads decoded.
 * @returns number of histories
 */
export async function lookInHistories(searches: readonly Search[], address: string): Promise<number> {
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection });
    let count = 0;
    for await (const { workflowId, runId } of client.workflow.list()) {
      const handle = client.workflow.getHandle(workflowId, runId);
      const [history, description] = [await handle.fetchHistory(), await handle.describe()];
      const all = texts([history, description.raw]).join('\n');
      for (const { look } of searches) look(`history of ${workflowId}`, all);
      count++;
    }
    return count;
  } finally {
    await connection.close();
  }
}

/** Texts of a protobuf message, with bytes read as text. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('latin1')];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, entry]) => [key, ...texts(entry)]);
}

/**
 * Searches every row of every table of a database, and then makes the server write everything to its files.
 * @returns number of tables
 */
export async function lookInDatabase(searches: readonly Search[], url: string): Promise<number> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    const tables = await sql<{ schema: string; name: string }[]>`
      select schemaname as schema, tablename as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`;
    for (const { schema, name } of tables) {
      for (const row of await sql`select * from ${sql(schema)}.${sql(name)}`) {
        for (const [column, value] of Object.entries(row)) {
          const data = value instanceof Uint8Array ? value : typeof value === 'string' ? value : JSON.stringify(value);
          for (const { look } of searches) look(`${schema}.${name}.${column}`, data ?? '');
        }
      }
    }
    await sql`checkpoint`;
    return tables.length;
  } finally {
    await sql.end();
  }
}
