import { beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '../../../api/testing/api.ts';
import { createClient } from '../../client.ts';
import { type Outcome, cli as run, type Setting } from '../../testing/harness.ts';

const api = useApi();
const textOf = (name: string, value: string | number, more = '') =>
  `blok: 1\nname: ${name}\n${more}# Why it is kept.\nnodes:\n  keep: { uses: kv.set, with: { key: k, value: ${value} } } # here\n`;

/** A folder that commands change, and a workspace of its own. */
let files: Record<string, string>;
let workspace = 0;
let app: ReturnType<typeof api.appOf>;
beforeEach(() => {
  files = {};
  workspace += 1;
  app = api.appOf(`w${workspace}`);
});

const send = (async (url: URL, init: RequestInit) => app.request(url.pathname + url.search, init)) as typeof fetch;

async function cli(argv: readonly string[], setting: Setting = {}): Promise<Outcome> {
  const outcome = await run(argv, {
    files,
    client: createClient({ baseUrl: 'http://localhost', fetch: send }),
    ...setting,
  });
  Object.assign(files, outcome.written);
  return outcome;
}

const asTwo = () => {
  files = {
    'flows/a/graph.yaml': textOf('alpha', 1),
    'flows/b.json': JSON.stringify({ blok: 1, name: 'beta', nodes: { get: { uses: 'kv.get', with: { key: 'k' } } } }),
    'flows/compose.yaml': 'services: {}\n',
    'flows/a/expect.json': '{"output": 1}',
    'flows/a/graph.test.yaml': 'blok: 1\ncases: []\n',
  };
};

describe('blok publish FOLDER', () => {
  it('shows a plan, publishes it on request, and then has nothing to do', async () => {
    asTwo();
    const plan = await cli(['publish', 'flows']);
    expect(plan).toMatchObject({ code: 0, out: '+ alpha\n+ beta\n2 new, 0 changed, 0 unchanged' });
    expect(plan.err).toBe('Nothing was published. Add --yes to publish this.');
    expect((await cli(['versions', 'alpha'])).code).toBe(2);
    const done = await cli(['publish', 'flows', '--yes', '-m', 'Both']);
    expect(done.out.split('\n').slice(-2)).toEqual(['✔ alpha version 1', '✔ beta version 1']);
    const again = await cli(['publish', 'flows', '--yes']);
    expect(again.out).toBe('= alpha\n= beta\n0 new, 0 changed, 2 unchanged\nNothing to do.');
    expect((await cli(['versions', 'alpha'])).out).toMatch(/● 1 .* owner +Both$/m);
  });

  it('says what differs, and asks a person at the terminal', async () => {
    asTwo();
    await cli(['publish', 'flows', '--yes']);
    files['flows/a/graph.yaml'] = textOf('alpha', 2);
    const asked = await cli(['publish', 'flows'], { confirms: false });
    expect(asked.out).toContain('~ alpha (version 1)\n');
    expect(asked.out).toContain('1 → 2');
    expect(asked.err).toContain('Nothing was published');
    expect((await cli(['publish', 'flows'], { confirms: true })).out).toContain('✔ alpha version 2');
    files['flows/a/graph.yaml'] = textOf('alpha', 2, '# Only a word.\n');
    const words = await cli(['publish', 'flows', '--yes', '--json']);
    expect(JSON.parse(words.out)).toMatchObject({
      plan: [
        { name: 'alpha', change: 'text', file: 'flows/a/graph.yaml' },
        { name: 'beta', change: 'same' },
      ],
      done: [{ name: 'alpha', version: 2 }],
    });
  });

  it('deletes what the folder does not have only if that is asked for', async () => {
    asTwo();
    await cli(['publish', 'flows', '--yes']);
    delete files['flows/b.json'];
    const plan = await cli(['publish', 'flows', '--yes']);
    expect(plan.out).toContain('  beta: not in the folder; stays (--remove deletes it)');
    expect(plan.out).toContain('Nothing to do.');
    expect((await cli(['publish', 'flows', '--remove'])).out).toContain('- beta: not in the folder; deleted');
    expect((await cli(['versions', 'beta'])).code).toBe(0);
    expect((await cli(['publish', 'flows', '--remove', '--yes'])).out).toContain('✔ beta deleted');
    expect((await cli(['versions', 'beta'])).code).toBe(2);
  });

  it('deletes nothing that was published since the plan was made, and publishes nothing over what is archived', async () => {
    asTwo();
    await cli(['publish', 'flows', '--yes']);
    delete files['flows/b.json'];
    files['later/b.yaml'] = textOf('beta', 7);
    const overtaking = (async (url: URL, init: RequestInit) => {
      if (init.method === 'DELETE') await cli(['publish', 'later/b.yaml']);
      return send(url, init);
    }) as typeof fetch;
    const client = createClient({ baseUrl: 'http://localhost', fetch: overtaking });
    const overtaken = await cli(['publish', 'flows', '--remove', '--yes'], { client });
    expect(overtaken.code).not.toBe(0);
    expect(overtaken.err).toContain('Version 2 of "beta" was published');
    expect((await cli(['versions', 'beta'])).code).toBe(0);

    const body = JSON.stringify({ archived: true });
    await app.request('/api/workflows/alpha', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const kept = await cli(['publish', 'flows', '--yes']);
    expect(kept).toMatchObject({ code: 2, err: expect.stringContaining('"alpha" (flows/a/graph.yaml) is archived') });
  });

  it('finds a graph however it is written, so that its workflow is not deleted', async () => {
    asTwo();
    await cli(['publish', 'flows', '--yes']);
    const [first, ...rest] = textOf('alpha', 1).split('\n');
    files['flows/a/graph.yaml'] = `# Ours.\n---\n  ${first}\n${rest.map((line) => `  ${line}`).join('\n')}`;
    files['flows/b.json'] = '';
    files['flows/b.yaml'] = '# Theirs.\n{ name: beta, blok: 1, nodes: { get: { uses: kv.get, with: { key: k } } } }\n';
    files['flows/list.yaml'] = 'services: { blok: { blok: 1 } }\n';
    const plan = await cli(['publish', 'flows', '--remove', '--yes']);
    expect(plan).toMatchObject({ code: 0, out: expect.stringContaining('0 new, 2 changed, 0 unchanged') });
  });

  it('deletes nothing if the folder holds no graph', async () => {
    asTwo();
    await cli(['publish', 'flows', '--yes']);
    files = { 'flows/compose.yaml': 'services: {}\n' };
    const empty = await cli(['publish', 'flows', '--remove', '--yes']);
    expect(empty).toMatchObject({ code: 2, err: expect.stringContaining('holds no graph') });
    expect((await cli(['versions', 'alpha'])).code).toBe(0);
  });

  it('publishes nothing if one graph has problems, or two have one name', async () => {
    asTwo();
    files['flows/bad.yaml'] = 'blok: 1\nname: bad\nnodes:\n  a: { uses: kv.nope }\n';
    const bad = await cli(['publish', 'flows', '--yes']);
    expect(bad.code).toBe(2);
    expect(bad.err).toContain('flows/bad.yaml:4:');
    expect((await cli(['versions', 'alpha'])).code).toBe(2);
    files['flows/bad.yaml'] = textOf('alpha', 5);
    expect((await cli(['publish', 'flows', '--yes'])).err).toContain('are both named alpha');
  });

  it('does not overwrite what was published since the plan was made', async () => {
    asTwo();
    await cli(['publish', 'flows', '--yes']);
    files['flows/a/graph.yaml'] = textOf('alpha', 2);
    const beaten = await cli(['publish', 'flows'], {
      confirms: true,
      onConfirm: async () => {
        const headers = { 'content-type': 'application/yaml' };
        await app.request('/api/workflows/alpha', { method: 'PUT', body: textOf('alpha', 3), headers });
      },
    });
    expect(beaten.code).toBe(2);
    expect(beaten.err).toContain('Version 2 of "alpha"');
  });
});

describe('blok pull FOLDER', () => {
  it('overwrites no file that holds something else', async () => {
    asTwo();
    await cli(['publish', 'flows', '--yes']);
    files = { 'flows/alpha.yaml': 'services: {}\n' };
    const refused = await cli(['pull', 'flows', '--yes']);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('flows/alpha.yaml exists already') });
    expect(files['flows/alpha.yaml']).toBe('services: {}\n');
  });

  it('writes what is published, so that publishing it changes nothing', async () => {
    asTwo();
    await cli(['publish', 'flows', '--yes']);
    const before = { ...files };
    files = {};
    const pulled = await cli(['pull', 'copy']);
    expect(pulled.out).toBe('+ alpha (copy/alpha.yaml)\n+ beta (copy/beta.json)');
    expect(files['copy/alpha.yaml']).toBe(before['flows/a/graph.yaml']);
    expect(files['copy/beta.json']).toBe(before['flows/b.json']);
    expect((await cli(['publish', 'copy', '--yes'])).out).toContain('Nothing to do.');
    expect((await cli(['pull', 'copy'])).out).toBe('= alpha (copy/alpha.yaml)\n= beta (copy/beta.json)');
  });

  it('changes a file where it stands, and overwrites none unasked', async () => {
    asTwo();
    await cli(['publish', 'flows', '--yes']);
    files['flows/a/graph.yaml'] = textOf('alpha', 7);
    const careful = await cli(['pull', 'flows', 'alpha']);
    expect(careful.out).toBe('~ alpha (flows/a/graph.yaml)');
    expect(careful.err).toContain('Add --yes to overwrite them.');
    expect(files['flows/a/graph.yaml']).toBe(textOf('alpha', 7));
    await cli(['pull', 'flows', 'alpha', '--yes']);
    expect(files['flows/a/graph.yaml']).toBe(textOf('alpha', 1));
    expect((await cli(['pull', 'flows', 'nobody'])).code).toBe(2);
  });
});

describe('blok rollback and blok draft', () => {
  it('goes back to an earlier version as a new one', async () => {
    asTwo();
    await cli(['publish', 'flows', '--yes']);
    files['flows/a/graph.yaml'] = textOf('alpha', 2);
    await cli(['publish', 'flows/a/graph.yaml', '-m', 'Two']);
    expect((await cli(['rollback', 'alpha', '1', '-m', 'Oh'])).out).toBe('✔ alpha version 3');
    expect((await cli(['rollback', 'alpha', '1'])).out).toBe('✔ alpha version 3 (unchanged)');
    expect((await cli(['rollback', 'alpha', '9'])).code).toBe(2);
    expect((await cli(['rollback', 'alpha', 'x'])).code).toBe(2);
    const list = (await cli(['versions', 'alpha', '--limit', '2'])).out.split('\n');
    expect(list.slice(1)).toEqual([expect.stringMatching(/^● 3 .*Oh$/), expect.stringMatching(/^ {2}2 .*Two$/)]);
  });

  it('saves, shows, compares, publishes and discards a draft', async () => {
    files = { 'a.yaml': textOf('alpha', 1), 'b.yaml': textOf('alpha', 2), 'bad.yaml': 'nodes: [' };
    expect((await cli(['draft', 'save', 'alpha', 'a.yaml'])).out).toBe('✔ the draft of alpha is stored');
    expect((await cli(['draft', 'show', 'alpha'])).out).toBe(textOf('alpha', 1).trimEnd());
    expect((await cli(['draft', 'publish', 'alpha', '-m', 'One'])).out).toBe('✔ alpha version 1');
    const refused = await cli(['draft', 'save', 'alpha', 'b.yaml']);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('--force overwrites it') });
    await cli(['draft', 'save', 'alpha', 'b.yaml', '--force']);
    expect((await cli(['draft', 'diff', 'alpha'])).out).toContain('1 → 2');
    const broken = await cli(['draft', 'save', 'alpha', 'bad.yaml', '--force']);
    expect(broken).toMatchObject({ code: 0, err: expect.stringContaining('bad.yaml:') });
    expect((await cli(['draft', 'publish', 'alpha'])).code).toBe(2);
    expect((await cli(['draft', 'discard', 'alpha'])).out).toBe('✔ the draft of alpha is discarded');
    expect((await cli(['draft', 'show', 'alpha'])).code).toBe(2);
  });
});
