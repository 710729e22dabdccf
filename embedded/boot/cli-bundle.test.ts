import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { catalogue } from '../../integrations/describe.ts';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { bundleFolder, bundleIn, makeBundle } from './cli-bundle.mjs';

const folder = temporaryFolder('cli-bundle');
afterAll(folder.remove);
const root = folder.path;
const at = (path: string) => join(root, path);

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  for (const path of ['cli/commands', 'graph/testing', 'integrations']) mkdirSync(at(path), { recursive: true });
  writeFileSync(at('cli/main.ts'), 'one');
  writeFileSync(at('package-lock.json'), '{}');
});

describe('bundleFolder', () => {
  it('stays the same as long as nothing changes', () => {
    expect(bundleFolder(root)).toBe(bundleFolder(root));
  });

  it.each([
    ['an edited file', () => writeFileSync(at('cli/main.ts'), 'three')],
    ['a touched file', () => utimesSync(at('cli/main.ts'), 2_000_000_000, 2_000_000_000)],
    ['a new file', () => writeFileSync(at('cli/commands/new.ts'), '')],
    ['a removed file', () => rmSync(at('cli/main.ts'))],
    ['another lock file', () => writeFileSync(at('package-lock.json'), '{ }')],
  ])('changes after %s', (_, change) => {
    const before = bundleFolder(root);
    change();
    expect(bundleFolder(root)).not.toBe(before);
  });

  it('does not depend on tests and their helpers', () => {
    const before = bundleFolder(root);
    for (const path of ['cli/main.test.ts', 'graph/testing/help.ts', 'graph/README.md']) writeFileSync(at(path), 'x');
    expect(bundleFolder(root)).toBe(before);
  });
});

it('does without a bundle if there is no bundler', async () => {
  const bundle = bundleFolder(root);
  expect(bundleIn(bundle)).toBeUndefined();
  expect(await makeBundle(root, process.execPath, bundle)).toBeUndefined();
});

it('holds the same catalogue as the sources', async () => {
  const project = join(import.meta.dirname, '..', '..');
  const main = await makeBundle(project, process.execPath, at('bundle'));
  const told = (type: string) =>
    JSON.parse(execFileSync(process.execPath, [main!, 'nodes', type, '--json'], { encoding: 'utf8' }));
  expect(told('http.request')).toEqual(catalogue().get('http.request'));
  // Its triggers are known, too.
  const graph = at('feed.yaml');
  writeFileSync(
    graph,
    'blok: 1\nname: feed\ntriggers: { t: { uses: rss.newItem, with: { url: "https://a.acme.test/feed" } } }\nnodes: {}\n',
  );
  expect(execFileSync(process.execPath, [main!, 'validate', graph], { encoding: 'utf8' })).toContain('✔');
}, 60_000);

it('starts the replay of a release from any folder', () => {
  const blok = join(import.meta.dirname, '..', '..', 'cli', 'blok.mjs');
  const said = spawnSync(process.execPath, [blok, 'check-release', '--recent', 'soon'], {
    encoding: 'utf8',
    cwd: root,
  });
  expect([said.status, said.stderr]).toEqual([2, expect.stringContaining('soon is not a duration')]);
});
