import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseGraph } from '../graph/document/parse.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { cli } from './testing/harness.ts';

const BASE = `blok: 1
name: pay
nodes:
  ask: { uses: approval, with: { to: ["role:lead"], title: Pay } } # a person
  pay: { uses: http.request, needs: [ask.approved], with: { method: POST, url: "https://bank.test/pay" } }
`;
const change = (from: string, to: string): string => BASE.replace(from, to);
const files = {
  'base.yaml': BASE,
  'ours.yaml': change('title: Pay', 'title: Pay this?'),
  'theirs.yaml': change('method: POST', 'method: PUT'),
  'other.yaml': change('title: Pay', 'title: Really?'),
  'no.yaml': 'blok: [1',
};

describe('blok diff', () => {
  it('shows what differs between two files', async () => {
    const { code, out, seen } = await cli(['diff', 'base.yaml', 'theirs.yaml'], { files });
    expect({ code, out, seen }).toEqual({ code: 0, out: '~ pay\n~   with.method: "POST" → "PUT"', seen: [] });
    expect(await cli(['diff', 'base.yaml', 'base.yaml', '--exit-code'], { files })).toMatchObject({ code: 0, out: '' });
    expect((await cli(['diff', 'base.yaml', 'ours.yaml', '--exit-code'], { files })).code).toBe(1);
  });

  it('compares a published version with a file', async () => {
    const { graph } = parseGraph(BASE);
    const answers = { 'GET /api/workflows/pay': [{ body: { name: 'pay', version: 3, graph } }] };
    const result = await cli(['diff', 'pay@3', 'ours.yaml', '--json'], { files, answers });
    expect(JSON.parse(result.out)).toEqual({
      diff: 1,
      changes: [expect.objectContaining({ path: '/nodes/ask/with/title', before: 'Pay', after: 'Pay this?' })],
      layout: [],
    });
  });

  it('draws the difference, and colours it on a terminal only', async () => {
    const drawn = await cli(['diff', 'base.yaml', 'ours.yaml', '--mermaid'], { files });
    expect(drawn.out).toMatch(/^flowchart TD\n[\s\S]*class n_ask changed$/);
    const coloured = await cli(['diff', 'base.yaml', 'ours.yaml'], { files, colours: true });
    expect(coloured.out).toContain('\x1b[33m~ ask\x1b[0m');
  });

  it('names the file that is no graph', async () => {
    const result = await cli(['diff', 'base.yaml', 'no.yaml'], { files });
    expect(result).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^✖ no\.yaml has a problem\.\nno\.yaml:1:\d+ /),
    });
    expect((await cli(['diff', 'a@b', 'base.yaml'], { files })).code).toBe(2);
  });
});

describe('blok merge', () => {
  it('prints what was merged, or writes it', async () => {
    const both = files['ours.yaml'].replace('method: POST', 'method: PUT');
    const printed = await cli(['merge', 'base.yaml', 'ours.yaml', 'theirs.yaml'], { files });
    expect(printed).toMatchObject({ code: 0, out: both.trimEnd(), err: '', written: {} });
    const written = await cli(['merge', 'base.yaml', 'ours.yaml', 'theirs.yaml', '-o', 'all.yaml'], { files });
    expect(written).toMatchObject({ code: 0, out: '', written: { 'all.yaml': both } });
  });

  it('exits with 1 if there are conflicts, lists them, and marks them in the result', async () => {
    const result = await cli(['merge', 'base.yaml', 'ours.yaml', 'other.yaml', 'flows/pay.yaml'], { files });
    expect(result).toMatchObject({
      code: 1,
      err: '✖ flows/pay.yaml /nodes/ask/with/title was "Pay"; ours says "Pay this?", theirs "Really?"',
    });
    expect(result.written['ours.yaml']).toMatch(
      /<<<<<<< ours\n.*Pay this\?.*\n=======\n.*"Really\?".*\n>>>>>>> theirs\n/,
    );
    const json = await cli(['merge', 'base.yaml', 'ours.yaml', 'other.yaml', '--json'], { files });
    expect(JSON.parse(json.out)).toMatchObject({ clean: false, conflicts: [{ kind: 'changed', ours: 'Pay this?' }] });
  });

  it('writes nothing if a text is no graph', async () => {
    const result = await cli(['merge', 'base.yaml', 'ours.yaml', 'no.yaml', 'flows/pay.yaml'], { files });
    expect(result).toMatchObject({ code: 2, written: {} });
    expect(result.err).toMatch(/flows\/pay\.yaml \(theirs\) is no graph[\s\S]*git checkout -m flows\/pay\.yaml/);
  });
});

describeWith(['git'], 'blok merge as a merge driver of Git', () => {
  let folder = '';
  const run = promisify(execFile);
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], { cwd: folder });
  const commit = async (text: string): Promise<void> => {
    await writeFile(join(folder, 'pay.yaml'), text);
    await git('commit', '-qam', 'Change it');
  };
  const merged = () => readFile(join(folder, 'pay.yaml'), 'utf8');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'blok-git-'));
    const blok = `${process.execPath} ${fileURLToPath(new URL('blok.mjs', import.meta.url))}`;
    await git('init', '-q', '-b', 'main');
    await git('config', 'merge.blok.driver', `${blok} merge %O %A %B %P`);
    await writeFile(join(folder, '.gitattributes'), '*.yaml merge=blok\n');
    await writeFile(join(folder, 'pay.yaml'), BASE);
    await git('add', '.');
    await git('commit', '-qm', 'Begin');
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Makes two branches of the first commit and merges the second into the first. */
  async function merge(name: string, ours: string, theirs: string): Promise<string> {
    const first = (await git('rev-list', '--max-parents=0', 'HEAD')).stdout.trim();
    await git('checkout', '-qb', `${name}-theirs`, first);
    await commit(theirs);
    await git('checkout', '-qb', `${name}-ours`, first);
    await commit(ours);
    return git('merge', '-q', `${name}-theirs`, '-m', 'Merge').then(
      () => 'merged',
      ({ stdout, stderr }) => `${stdout}${stderr}`,
    );
  }

  it('merges changes of one line, and a renaming with what refers to it', { timeout: 60_000 }, async () => {
    const ours = BASE.replaceAll('ask', 'decide');
    const theirs = change('  pay:', '  more: { uses: log, needs: [ask.rejected], with: { message: no } }\n  pay:');
    expect(await merge('clean', ours, theirs.replace('title: Pay', 'title: Ready?'))).toBe('merged');
    expect(await merged()).toBe(`blok: 1
name: pay
nodes:
  decide: { uses: approval, with: { to: ["role:lead"], title: "Ready?" } } # a person
  more: { uses: log, needs: [decide.rejected], with: { message: no } }
  pay: { uses: http.request, needs: [decide.approved], with: { method: POST, url: "https://bank.test/pay" } }
`);
    expect((await git('status', '--porcelain')).stdout).toBe('');
  });

  it('leaves a conflict to a person, who decides and commits', { timeout: 60_000 }, async () => {
    const said = await merge('conflict', files['ours.yaml'], files['other.yaml'].replace('POST', 'PUT'));
    expect(said).toContain('pay.yaml /nodes/ask/with/title was "Pay"');
    expect(said).toContain('CONFLICT');
    expect((await git('status', '--porcelain')).stdout).toBe('UU pay.yaml\n');
    const text = await merged();
    expect(text).toContain('<<<<<<< ours');
    expect(text).toContain('method: PUT');
    await writeFile(join(folder, 'pay.yaml'), text.replace(/<<<<<<< ours\n(.*\n)=======\n.*\n>>>>>>> theirs\n/, '$1'));
    await git('commit', '-qam', 'Decide');
    expect(parseGraph(await merged()).graph?.nodes.ask?.with?.title).toBe('Pay this?');
  });

  it('does not let two changes pass that are only wrong together', { timeout: 60_000 }, async () => {
    const ours = change(
      / {2}pay:.*\n/.exec(BASE)![0],
      '  pay2: { uses: wait, needs: [ask.approved], with: { for: 1s } }\n',
    );
    const theirs = `${BASE}  last: { uses: log, needs: [pay], with: { message: "paid" } }\n`;
    expect(await merge('invalid', ours, theirs)).toContain('dangling-link');
    expect((await git('status', '--porcelain')).stdout).toBe('UU pay.yaml\n');
    await git('merge', '--abort');
  });
});
