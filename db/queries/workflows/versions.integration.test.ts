import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../graph/document/types.ts';
import type { Plan } from '../../../graph/plan/types.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { listVariables, resolveVariables, setVariable } from '../variables.ts';
import { listWorkflows } from './list.ts';
import { getVersion, publishWorkflow } from './versions.ts';

const store = useDatabase();
const graph = (name: string, change: Partial<Graph> = {}): Graph => ({ blok: 1, name, nodes: {}, ...change });
const plan = (name: string, hash: string): Plan => ({ language: 1, name, hash, body: { nodes: [] } });
const publish = (name: string, hash: string, workspace = 'a', change: Partial<Graph> = {}) =>
  store.inside((tx) => publishWorkflow(tx, { graph: graph(name, change), plan: plan(name, hash), hash }), workspace);

describe('publishWorkflow', () => {
  it('counts versions up, and keeps the version whose hash is published already', async () => {
    expect(await publish('w', 'h1')).toMatchObject({ version: 1, created: true });
    expect(await publish('w', 'h1')).toMatchObject({ version: 1, created: false });
    expect(await publish('w', 'h2')).toMatchObject({ version: 2, created: true });
    expect(await publish('w', 'h1')).toMatchObject({ version: 3, created: true });
    expect(await store.inside((tx) => getVersion(tx, { name: 'w' }))).toMatchObject({ version: 3, hash: 'h1' });
    expect(await store.inside((tx) => getVersion(tx, { name: 'w', version: 2 }))).toMatchObject({
      hash: 'h2',
      plan: plan('w', 'h2'),
    });
    expect(await store.inside((tx) => getVersion(tx, { name: 'w', version: 9 }))).toBeNull();
  });

  it('gives concurrent publications different versions', async () => {
    const all = await Promise.all(['x1', 'x2', 'x3', 'x4'].map((hash) => publish('busy', hash)));
    expect(all.map((v) => v.version).sort()).toEqual([1, 2, 3, 4]);
  });

  it('never changes a version', async () => {
    await publish('fixed', 'h');
    await expect(store.inside((tx) => tx.db.execute(sql`update workflow_version set hash = 'other'`))).rejects.toThrow(
      /never changes/,
    );
  });

  it('lists per workspace, by name', async () => {
    await publish('b', 'h', 'list', { label: 'Bee \u0000' });
    await publish('a', 'h', 'list');
    const rows = await store.inside((tx) => listWorkflows(tx), 'list');
    expect(rows.map((r) => [r.name, r.label, r.version])).toEqual([
      ['a', null, 1],
      ['b', 'Bee \u0000', 1],
    ]);
    expect(await store.inside((tx) => listWorkflows(tx, { after: 'a' }), 'list')).toHaveLength(1);
    expect(await store.inside((tx) => listWorkflows(tx), 'nobody')).toEqual([]);
  });
});

describe('resolveVariables', () => {
  it('takes given before workflow before workspace before default', async () => {
    await store.inside(async (tx) => {
      for (const name of ['b', 'c', 'd', 'undeclared']) await setVariable(tx, { name, value: 'workspace' });
      for (const name of ['c', 'd']) await setVariable(tx, { workflow: 'w', name, value: 'workflow' });
      await setVariable(tx, { workflow: 'other', name: 'a', value: 'other' });
    });
    const defaults = { a: 'default', b: 'default', c: 'default', d: 'default', e: 'default' };
    const vars = await store.inside((tx) =>
      resolveVariables(tx, { workflow: 'w', defaults, given: { d: 'given', e: null } }),
    );
    expect(vars).toEqual({ a: 'default', b: 'workspace', c: 'workflow', d: 'given', e: null });
  });

  it('takes as many names as a document can declare', async () => {
    const defaults = Object.fromEntries(Array.from({ length: 120_000 }, (_, i) => [`v${i}`, 1]));
    await store.inside((tx) => setVariable(tx, { workflow: 'many', name: 'v77777', value: 2 }));
    const vars = await store.inside((tx) => resolveVariables(tx, { workflow: 'many', defaults }));
    expect(vars).toEqual({ ...defaults, v77777: 2 });
  });

  it('keeps a null that was set', async () => {
    await store.inside((tx) => setVariable(tx, { workflow: 'n', name: 'v', value: null }));
    expect(await store.inside((tx) => resolveVariables(tx, { workflow: 'n', defaults: { v: 1 } }))).toEqual({
      v: null,
    });
    expect(await store.inside((tx) => listVariables(tx, { workflow: 'n' }))).toMatchObject([
      { name: 'v', value: null },
    ]);
  });
});
