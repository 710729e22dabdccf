import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../worker/bundle.ts';
import { installRuntime } from '../../worker/runtime.ts';
import { recordedHistories } from './histories.ts';
import { replayAll } from './replay.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HISTORIES = join(ROOT, 'workflows', 'histories');
const QUEUE = 'graph/run-state/steps/queue.ts';

/** Some of each kind, because a replay takes time. */
const SOME = new Set([
  'retry.json',
  'parallel-join.json',
  'if-switch.json',
  'wait-for-event.json',
  'undone-together.json',
]);

/** The workflow code with one change, and what it breaks. */
async function brokenBy(file: string, from: string, to: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'check-release-'));
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const room of ['graph', 'workflows'])
      cpSync(join(ROOT, room), join(folder, room), {
        recursive: true,
        filter: (path) => !/\.test\.ts$|histories|testing/.test(path.slice(ROOT.length)),
      });
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text).toContain(from);
    writeFileSync(
      join(folder, file),
      text.replace(from, () => to),
    );
    const histories = [...recordedHistories(HISTORIES)].filter(({ name }) => SOME.has(name));
    const broken: string[] = [];
    for await (const { name, problem } of replayAll(await bundle(join(folder, 'workflows', 'index.ts')), histories))
      if (problem !== null) broken.push(name);
    return broken;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the check of a release', () => {
  beforeAll(() => installRuntime());

  it('finds a change that breaks runs in flight: another order in which ready steps start', async () => {
    expect(await brokenBy(QUEUE, 'a.order < b.order', 'a.order > b.order')).toContain('parallel-join.json');
  }, 60_000);

  it('passes a change that breaks none', async () => {
    expect(await brokenBy(QUEUE, 'a.priority < b.priority ||', 'b.priority - a.priority > 0 ||')).toEqual([]);
  }, 60_000);
});
