import { appendFileSync, closeSync, ftruncateSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Json } from '../graph/json.ts';

/** One call that reached the playground. */
export interface Entry {
  /** ISO time. */
  readonly at: string;
  /** What was called: `charge`, `flights`, `mail`, … */
  readonly name: string;
  /** What the call is about: the caller's idempotency key, or the id of the resource. Empty if the caller gave none. */
  readonly key: string;
  /** True if the call changed the world; false if it repeated a call that had changed it. */
  readonly applied: boolean;
  readonly data: Json;
}

/** A log of calls that outlives its process: each call is in the file before the caller gets an answer. */
export interface Recorder {
  readonly entries: readonly Entry[];
  append(entry: Omit<Entry, 'at'>): Entry;
  /** Forgets everything, in memory and in the file. */
  clear(): void;
  close(): void;
}

/**
 * Opens a recorder on a JSONL file (created with its folder if missing), or in memory if `file` is null.
 * A last line cut short by a crash is dropped, because its caller never got an answer.
 */
export function openRecorder(file: string | null): Recorder {
  const entries: Entry[] = [];
  let handle: number | null = null;
  if (file !== null) {
    mkdirSync(dirname(file), { recursive: true });
    handle = openSync(file, 'a+');
    const text = readFileSync(file, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) ftruncateSync(handle, Buffer.byteLength(whole));
    for (const line of whole.split('\n')) if (line !== '') entries.push(JSON.parse(line) as Entry);
  }
  return {
    entries,
    append(call) {
      const entry = { at: new Date().toISOString(), ...call };
      if (handle !== null) appendFileSync(handle, `${JSON.stringify(entry)}\n`);
      entries.push(entry);
      return entry;
    },
    clear() {
      if (handle !== null) ftruncateSync(handle, 0);
      entries.length = 0;
    },
    close() {
      if (handle !== null) closeSync(handle);
      handle = null;
    },
  };
}
