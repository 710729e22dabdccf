import { appendFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { staleDocs, writeDocs } from './pages.ts';

const tree = temporaryFolder('docs');
afterAll(tree.remove);

const stale = () => {
  const { write, remove } = staleDocs(tree.path);
  return { write: [...write.keys()], remove };
};

it('finds pages that are stale, missing or left over, and fixes only those', () => {
  cpSync(new URL('../../docs', import.meta.url), join(tree.path, 'docs'), { recursive: true });
  expect(stale()).toEqual({ write: [], remove: [] });

  appendFileSync(join(tree.path, 'docs/expressions.md'), 'by hand\n');
  rmSync(join(tree.path, 'docs/nodes/kv.get.md'));
  writeFileSync(join(tree.path, 'docs/nodes/gone.node.md'), 'of a node there is no more');
  expect(stale()).toEqual({
    write: ['docs/expressions.md', 'docs/nodes/kv.get.md'],
    remove: ['docs/nodes/gone.node.md'],
  });

  writeDocs(tree.path, staleDocs(tree.path));
  expect(stale()).toEqual({ write: [], remove: [] });
  expect(readFileSync(join(tree.path, 'docs/expressions.md'), 'utf8')).not.toContain('by hand');
  expect(existsSync(join(tree.path, 'docs/nodes/gone.node.md'))).toBe(false);
});
