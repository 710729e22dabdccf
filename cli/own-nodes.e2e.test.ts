import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');

describe('a node in a folder outside of Blok', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stranger-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is made, tested, seen, compiled, and used in a graph', async () => {
    const env = { ...process.env, BLOK_NODES: join(folder, 'nodes'), NODE_TEST_CONTEXT: undefined };
    const blok = (...args: string[]) =>
      run(process.execPath, [join(root, 'cli', 'blok.mjs'), ...args], { cwd: folder, env });
    await blok('nodes', 'new', 'acme.createThing');
    await blok('nodes', 'new', 'acme.deleteThing');
    const { stdout: tests } = await blok('nodes', 'test');
    expect(tests).toMatch(/pass 8\b/);
    const { stdout: shown } = await blok('nodes', 'acme.createThing');
    expect(shown).toContain('acme.createThing 1.0.0: Create thing (idempotent)');
    const graph = `blok: 1
name: mine
nodes:
  thing:
    uses: acme.createThing
    with: { url: 'https://api.example.com/things', name: lamp }
output: \${{ nodes.thing.key }}
`;
    await writeFile(join(folder, 'graph.yaml'), graph);
    await blok('validate', 'graph.yaml');
    await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', env.BLOK_NODES], {
      cwd: folder,
    });
  });
});
