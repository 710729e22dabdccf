import { NodeError } from '../error.ts';
import { launch } from './launch/launcher.ts';
import type { Wall } from './walls.ts';

const found = new Map<string, Promise<Wall>>();

/**
 * The wall to use: the requested one, or the strongest that works here. Tried once per process, by running a script.
 *
 * @throws NodeError `code.sandbox` if none works.
 */
export function chooseWall(wanted: Wall | 'auto'): Promise<Wall> {
  const known = found.get(wanted);
  if (known) return known;
  const choice = firstWorking(wanted === 'auto' ? ['bwrap', 'namespaces', 'process'] : [wanted]);
  found.set(wanted, choice);
  // A failure may be temporary (a machine short of memory), so the next call tries again.
  choice.catch(() => found.delete(wanted));
  return choice;
}

async function firstWorking(walls: readonly Wall[]): Promise<Wall> {
  const reasons: string[] = [];
  for (const wall of walls) {
    const answer = await launch(
      wall,
      { program: 'blokRun(async () => 42, "0")', timeoutMs: 5_000, givesWay: false },
      new AbortController().signal,
    );
    if (answer.kind === 'answered' && Buffer.from(answer.bytes).includes('42')) return wall;
    reasons.push(`${wall}: ${answer.kind === 'crashed' ? answer.why : answer.kind}`);
  }
  throw new NodeError(
    'code.sandbox',
    `No sandbox for scripts works on this machine (${reasons.join('; ')}). It needs Node 24 and a POSIX shell.`,
    { retryable: true },
  );
}
