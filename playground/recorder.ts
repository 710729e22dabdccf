import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { MAX_RECORD_BYTES } from './limits.ts';

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
  /** JSON text, because parsed JSON can take twenty times the memory of its text. */
  readonly data: string;
}

/**
 * A log of calls that outlives its process: each call is in the file before the caller gets an answer. Its size is
 * limited: once it is full, the older half is forgotten.
 */
export interface Recorder {
  readonly entries: readonly Entry[];
  /** `forgot`: older entries have been dropped. */
  append(entry: Omit<Entry, 'at'>): { readonly entry: Entry; readonly forgot: boolean };
  /** Forgets everything, in memory and in the file. */
  clear(): void;
  close(): void;
}

/**
 * Opens a recorder on a JSONL file (created with its folder if missing), or in memory if `file` is null.
 * A last line cut short by a crash is dropped, because its caller never got an answer.
 */
export function openRecorder(file: string | null, limit = MAX_RECORD_BYTES): Recorder {
  const log = file === null ? null : openLog(file);
  let entries = log?.lines.map(entryOf) ?? [];
  let size = sizeOf(entries);

  const forgetOld = (): boolean => {
    if (size <= limit) return false;
    entries = newest(entries, limit / 2);
    size = sizeOf(entries);
    log?.rewrite(entries.map(lineOf));
    return true;
  };
  forgetOld();
  return {
    get entries() {
      return entries;
    },
    append(call) {
      const entry = { at: new Date().toISOString(), ...call };
      log?.append(lineOf(entry));
      entries.push(entry);
      size += sizeOf([entry]);
      return { entry, forgot: forgetOld() };
    },
    clear() {
      log?.rewrite([]);
      entries = [];
      size = 0;
    },
    close: () => log?.close(),
  };
}

/** The file behind a recorder, and the lines it held when it was opened. */
function openLog(file: string) {
  mkdirSync(dirname(file), { recursive: true });
  let handle: number | null = openSync(file, 'a+');
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) ftruncateSync(handle, Buffer.byteLength(whole));
  const close = (): void => {
    if (handle !== null) closeSync(handle);
    handle = null;
  };
  return {
    lines: whole.split('\n').filter((line) => line !== ''),
    append: (line: string): void => {
      if (handle !== null) appendFileSync(handle, `${line}\n`);
    },
    /** A crash in the middle leaves the old file. */
    rewrite: (lines: readonly string[]): void => {
      writeFileSync(`${file}.new`, lines.map((line) => `${line}\n`).join(''));
      renameSync(`${file}.new`, file);
      close();
      handle = openSync(file, 'a+');
    },
    close,
  };
}

function newest(entries: readonly Entry[], limit: number): Entry[] {
  let left = limit;
  const first = entries.findLastIndex((entry) => {
    left -= sizeOf([entry]);
    return left < 0;
  });
  return entries.slice(first + 1);
}

/** Bytes that entries take, with a guess at what holds them together. */
const sizeOf = (entries: readonly Entry[]): number =>
  entries.reduce((sum, { name, key, data }) => sum + name.length + key.length + data.length + 100, 0);

const lineOf = ({ data, ...entry }: Entry): string => `${JSON.stringify(entry).slice(0, -1)},"data":${data}}`;

function entryOf(line: string): Entry {
  const { data, ...entry } = JSON.parse(line) as Omit<Entry, 'data'> & { data: unknown };
  return { ...entry, data: JSON.stringify(data) };
}
