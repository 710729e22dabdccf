import { describe, expect, it } from 'vitest';
import { useApi } from '../testing/api.ts';

const api = useApi();

describe('GET /api/node-types', () => {
  it('has all that a palette and a form need: words of the language, effects, triggers', async () => {
    const { items, builtin, triggers } = (await api.get('/api/node-types')).body;
    expect(items).toContainEqual(
      expect.objectContaining({
        ...{ type: 'kv.set', category: 'Data', icon: 'key-round', ports: ['out'], docs: 'docs/nodes/kv.set.md' },
        ...{ description: expect.stringMatching(/./), input: expect.any(Object), examples: expect.any(Array) },
      }),
    );
    expect(builtin).toContainEqual(expect.objectContaining({ type: 'forEach', kind: 'container', ports: ['out'] }));
    expect(builtin).toContainEqual(expect.objectContaining({ type: 'switch', ports: 'computed', icon: 'git-branch' }));
    expect(triggers).toContainEqual(expect.objectContaining({ type: 'webhook', with: expect.any(Object) }));
    expect(triggers).toContainEqual(expect.objectContaining({ type: 'rss.newItem', category: 'Web' }));
    for (const one of [...builtin, ...triggers]) expect(one.icon, one.type).not.toBe('box');
  });

  it('has a slim list without schemas and examples', async () => {
    const full = await api.get('/api/node-types');
    const slim = await api.get('/api/node-types?view=slim');
    expect(slim.body.items[0]).toMatchObject({ type: 'kv.get', description: expect.any(String), icon: 'key-round' });
    for (const key of ['input', 'output', 'examples', 'notes', 'retry'])
      expect(slim.body.items[0]).not.toHaveProperty(key);
    expect(slim.body.items).toHaveLength(full.body.items.length);
    expect(slim.text.length * 3).toBeLessThan(full.text.length);
    expect((await api.get('/api/node-types?view=x')).status).toBe(400);
  });
});

describe('GET /api/connection-types', () => {
  it('has the JSON Schema of each type, and which fields are secret', async () => {
    const { items } = (await api.get('/api/connection-types')).body;
    const smtp = items.find(({ type }: { type: string }) => type === 'smtp');
    expect(smtp).toMatchObject({
      title: expect.any(String),
      fields: { type: 'object' },
      secretFields: expect.arrayContaining(['password']),
    });
    expect(Object.keys(smtp.fields.properties)).toContain('host');
  });
});
