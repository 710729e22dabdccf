/** Folders for tests, named after the process that made them, so that the next run removes what a killed run left. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processFacts } from '../../embedded/process/identity.ts';

const PREFIX = 'blok-test-';

/** A folder, and a function that removes it. */
export interface TemporaryFolder {
  readonly path: string;
  readonly remove: () => void;
}

/** A new empty folder inside the system's temporary folder. */
export function temporaryFolder(purpose: string): TemporaryFolder {
  removeLeftOvers();
  const path = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-${purpose}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
}

function removeLeftOvers() {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^blok-test-(\d+)-/.exec(name)?.[1];
    if (!pid || processFacts(Number(pid))) continue;
    rmSync(join(tmpdir(), name), { recursive: true, force: true, maxRetries: 3 });
  }
}
