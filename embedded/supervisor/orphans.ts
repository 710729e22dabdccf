/** Notes about the servers a start has started, so that the next one can end those that outlived a `kill -9`. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSame, type ProcessIdentity } from '../process/identity.ts';
import { stopByIdentity } from '../process/server-process.ts';

const SUFFIX = '.process.json';

/** What is noted about a server. */
interface Note extends ProcessIdentity {
  readonly name: string;
  readonly stopSignal: NodeJS.Signals;
}

/** Notes a running server. */
export function note(folder: string, name: string, identity: ProcessIdentity, stopSignal: NodeJS.Signals): void {
  const content: Note = { ...identity, name, stopSignal };
  writeFileSync(join(folder, `${name.toLowerCase()}${SUFFIX}`), JSON.stringify(content));
}

/** Forgets a server that has ended. */
export function forget(folder: string, name: string): void {
  rmSync(join(folder, `${name.toLowerCase()}${SUFFIX}`), { force: true });
}

/**
 * Ends the servers of an earlier start that are still running. Only the holder of the lock may call this.
 * @returns names of the servers it ended
 */
export async function stopOrphans(folder: string): Promise<string[]> {
  const ended = await Promise.all(
    readdirSync(folder)
      .filter((file) => file.endsWith(SUFFIX))
      .map(async (file) => {
        const path = join(folder, file);
        const orphan = readNote(path);
        const running = orphan !== undefined && isSame(orphan);
        if (running) await stopByIdentity(orphan, 8_000, orphan.stopSignal);
        rmSync(path, { force: true });
        return running ? orphan.name : undefined;
      }),
  );
  return ended.filter((name) => name !== undefined);
}

function readNote(path: string): Note | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Note;
  } catch {
    // The note was half written when the machine stopped, so the server has stopped, too.
    return undefined;
  }
}
