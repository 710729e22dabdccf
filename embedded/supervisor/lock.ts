/** One Blok per data folder. A lock whose holder has ended, for whatever reason, blocks nobody. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isSame, type ProcessIdentity } from '../process/identity.ts';
import { until } from '../process/wait.ts';

/** What a lock file says about its holder. */
interface Holder extends ProcessIdentity {
  readonly url: string;
  /** True from the moment the holder was asked to stop. */
  readonly stopping?: boolean;
}

/** A lock we hold. */
export interface Lock {
  /** Tells the next start that it only needs to wait. */
  readonly stopping: () => void;
  readonly release: () => void;
}

/** How long a start waits for the holder to say that it is stopping: it notices within a second that its npm ended. */
const NOTICE_MS = 2_500;

/** How long a holder may take to stop everything. */
const STOP_MS = 30_000;

/**
 * Takes the lock of a data folder.
 * @param folder where the lock file is
 * @param url address of the API, shown to the next start
 * @param waiting called once if another Blok has to stop first
 * @throws Error that says who holds the lock and what to do
 */
export async function takeLock(folder: string, url: string, waiting: () => void = () => {}): Promise<Lock> {
  const file = join(folder, 'start.lock');
  const me: Holder = { ...(identify(process.pid) ?? { pid: process.pid, began: 'unknown' }), url };
  for (let attempt = 0; attempt < 20; attempt++) {
    if (create(file, me)) {
      return {
        stopping: () => writeFileSync(file, JSON.stringify({ ...me, stopping: true })),
        release: () => rmSync(file, { force: true }),
      };
    }
    await waitForHolder(file, waiting);
  }
  throw new Error(`The lock ${file} cannot be taken. If no Blok runs there, delete it.`);
}

/** Creates the file with its content in one step, so that nobody ever reads half a lock. */
function create(file: string, holder: Holder): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(holder));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Returns once the lock is gone or was stale and has been removed. */
async function waitForHolder(file: string, waiting: () => void) {
  const holder = read(file);
  if (holder === 'gone') return;
  if (holder === 'unreadable' || !isSame(holder)) return removeStale(file, holder);
  waiting();
  const released = () => {
    const now = read(file);
    return now === 'gone' || now === 'unreadable' || now.pid !== holder.pid || !isSame(holder);
  };
  const turned = await until(
    () => {
      const now = read(file);
      return released() || (typeof now === 'object' && now.stopping === true);
    },
    { withinMs: NOTICE_MS, everyMs: 100 },
  );
  if (turned && (await until(released, { withinMs: STOP_MS, everyMs: 100 }))) return;
  throw new Error(
    `Blok already runs on this data folder (pid ${holder.pid}, ${holder.url}). ` +
      `Stop it there with Ctrl-C, or with: kill ${holder.pid}\n` +
      'To run a second one beside it, set BLOK_HOME, PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT and POSTGRES_PORT.',
  );
}

/** Moves the stale lock away first: if another start was faster, we have moved its lock, and put it back. */
function removeStale(file: string, stale: Holder | 'unreadable') {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
    const moved = read(aside);
    const same = typeof moved === 'object' && typeof stale === 'object' ? moved.began === stale.began : moved === stale;
    if (!same) linkSync(aside, file);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function read(file: string): Holder | 'gone' | 'unreadable' {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return 'gone';
  }
  try {
    const holder = JSON.parse(text) as Holder;
    return typeof holder.pid === 'number' && typeof holder.began === 'string' ? holder : 'unreadable';
  } catch {
    return 'unreadable';
  }
}
