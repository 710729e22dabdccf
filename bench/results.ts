import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

const FILE = fileURLToPath(new URL('RESULTS.md', import.meta.url));

/** Puts a text between the marks of a section of RESULTS.md, with the date, commit and machine of the measurement. */
export function writeResults(section: string, text: string): void {
  const begin = `<!-- ${section}: begin -->`;
  const end = `<!-- ${section}: end -->`;
  const before = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
  const from = before.indexOf(begin);
  const to = before.indexOf(end);
  const whole = `${begin}\n${measuredOn()}\n\n${text}\n${end}`;
  writeFileSync(
    FILE,
    from < 0 ? `${before.trimEnd()}\n\n${whole}\n` : before.slice(0, from) + whole + before.slice(to + end.length),
  );
}

/**
 * Prints a benchmark's table, writes it if asked to, and says which goals were not met.
 *
 * @returns true if all were met
 */
export function conclude(
  section: string,
  { table, missed, write }: { table: string; missed: readonly string[]; write: boolean },
): boolean {
  console.log(table);
  if (write) writeResults(section, table);
  for (const line of missed) console.error(`goal not met: ${line}`);
  return missed.length === 0;
}

function measuredOn(): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB`;
  return `Measured ${new Date().toISOString().slice(0, 10)} at ${commit}, ${machine}, Node ${process.versions.node}.`;
}
