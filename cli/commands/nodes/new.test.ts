import { describe, expect, it } from 'vitest';
import { cli } from '../../testing/harness.ts';

describe('blok nodes new', () => {
  it('writes the node, its test and its line, and says what to do next', async () => {
    const { code, out, err, written } = await cli(['nodes', 'new', 'acme.createThing']);
    expect(code).toBe(0);
    expect(Object.keys(written).sort()).toEqual([
      'my-nodes/acme/create-thing.test.ts',
      'my-nodes/acme/create-thing.ts',
      'my-nodes/acme/index.ts',
      'my-nodes/tsconfig.json',
    ]);
    expect(out).toContain('my-nodes/acme/create-thing.ts');
    expect(err).toContain('BLOK_NODES=my-nodes npm start');
  });

  it('adds a line to a provider that is there', async () => {
    const { written: first } = await cli(['nodes', 'new', 'acme.createThing']);
    const { written } = await cli(['nodes', 'new', 'acme.deleteThing'], { files: first });
    expect(written['my-nodes/acme/index.ts']).toContain('nodes: [createThing, deleteThing]');
    expect(written['my-nodes/acme/index.ts']).toContain("import { deleteThing } from './delete-thing.ts';");
  });

  it('replaces nothing, and refuses a name that is none', async () => {
    const { written: files } = await cli(['nodes', 'new', 'acme.createThing']);
    const again = await cli(['nodes', 'new', 'acme.createThing'], { files });
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('exists already')]);
    for (const name of ['acme', 'Acme.create', 'acme.create-thing', 'a.b.c', '../x.y']) {
      expect((await cli(['nodes', 'new', name])).code).toBe(2);
    }
  });
});
