import type { Json } from '../../graph/json.ts';
import { type Client, createClient } from '../client.ts';
import type { CliContext } from '../context.ts';
import { runCli } from '../program.ts';
import type { Run, ShownRun } from '../wire.ts';
import { type Answers, type Seen, startFakeApi } from './fake-api.ts';

/** The time at which all tests of the CLI run. */
export const NOW = Date.parse('2026-11-21T10:00:10.000Z');

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly seen: Seen[];
  /** What was drawn on the terminal, if there was one. */
  readonly drawn: readonly (readonly string[])[];
  /** Content of the files that were written. */
  readonly written: Readonly<Record<string, string>>;
}

export interface Setting {
  readonly answers?: Answers;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** What a module exports, by its path. */
  readonly modules?: Readonly<Record<string, unknown>>;
  /** Folders that are empty. */
  readonly folders?: readonly string[];
  readonly terminal?: boolean;
  /** What the person at the terminal answers; absent: there is nobody. */
  readonly confirms?: boolean;
  /** Happens while the person thinks. */
  readonly onConfirm?: () => Promise<void>;
  readonly colours?: boolean;
  /** Called with what was printed so far whenever the CLI sleeps; may interrupt it. */
  readonly onSleep?: (interrupt: () => void) => void;
  /** Talks to this API instead of the fake one. */
  readonly client?: Client;
  /** Base URL instead of the fake API's. */
  readonly baseUrl?: string;
}

/** Runs one command line against a fake API, without a real clock, terminal or file system. */
export async function cli(argv: readonly string[], setting: Setting = {}): Promise<Outcome> {
  const api = await startFakeApi(setting.answers ?? {});
  const out: string[] = [];
  const err: string[] = [];
  const drawn: (readonly string[])[] = [];
  const written: Record<string, string> = {};
  const interrupt = new AbortController();
  const answer = async () => {
    await setting.onConfirm?.();
    return setting.confirms ?? false;
  };
  let now = NOW;
  const ctx: CliContext = {
    client: setting.client ?? createClient({ baseUrl: setting.baseUrl ?? api.url }),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    screen: setting.terminal ? { draw: (lines) => void drawn.push(lines) } : null,
    colours: setting.colours ?? false,
    readFile: async (path) => {
      const content = setting.files?.[path];
      if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return Buffer.from(content);
    },
    writeFile: async (path, text) => {
      written[path] = text;
    },
    createFile: async (path, text) => {
      if (path in written || setting.files?.[path] !== undefined) {
        throw Object.assign(new Error('exists'), { code: 'EEXIST' });
      }
      written[path] = text;
    },
    runNode: async (args) => {
      out.push(`node ${args.join(' ')}`);
      return 0;
    },
    root: '/blok',
    listFolder: async (path) => entriesIn(Object.keys(setting.files ?? {}), path),
    importModule: async (path) => {
      const found = setting.modules?.[path];
      if (found === undefined) throw Object.assign(new Error('no such module'), { code: 'ERR_MODULE_NOT_FOUND' });
      return found;
    },
    listFiles: async (folder) => {
      const at = `${folder.replace(/\/$/, '')}/`;
      const found = Object.keys(setting.files ?? {}).filter((path) => path.startsWith(at));
      const code = setting.files?.[folder] === undefined ? 'ENOENT' : 'ENOTDIR';
      if (found.length === 0 && !setting.folders?.includes(folder))
        throw Object.assign(new Error('no such folder'), { code });
      return found.map((path) => path.slice(at.length)).sort();
    },
    makeFolder: async () => undefined,
    confirm: setting.confirms === undefined ? null : answer,
    user: 'ada',
    now: () => now,
    sleep: async (ms) => {
      now += ms;
      setting.onSleep?.(() => interrupt.abort());
    },
    interrupted: interrupt.signal,
    newKey: () => 'key-1',
  };
  try {
    const code = await runCli(ctx, argv);
    return { code, out: out.join('\n'), err: err.join('\n'), seen: api.seen, drawn, written };
  } finally {
    await api.close();
  }
}

/** A run as the API gives it. */
export function aRun(changes: Partial<ShownRun> & { input?: Json } = {}): Run {
  const run: ShownRun & { input: Json } = {
    id: 'r1',
    workflow: 'hello',
    version: null,
    status: 'succeeded',
    input: {},
    output: { greeting: 'Hello, Ada!' },
    error: null,
    startedAt: '2026-11-21T10:00:00.000Z',
    endedAt: '2026-11-21T10:00:01.200Z',
    url: 'http://127.0.0.1:4400/api/runs/r1',
    steps: [],
    waits: [],
    ...changes,
  };
  return run as unknown as Run;
}

/** What a folder holds of these files. */
function entriesIn(files: readonly string[], folder: string): { name: string; folder: boolean }[] {
  const prefix = folder === '.' ? '' : `${folder.replace(/\/$/, '')}/`;
  const inside = files.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  if (inside.length === 0) throw Object.assign(new Error('no such folder'), { code: 'ENOENT' });
  const names = new Map(inside.map((path) => [path.split('/')[0]!, path.includes('/')]));
  return [...names].map(([name, isFolder]) => ({ name, folder: isFolder }));
}
