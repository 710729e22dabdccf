import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseGraph } from '../document/parse.ts';
import { testCatalogue } from '../validate/testing/validated.ts';
import { mergeTexts } from './index.ts';
import type { MergedText } from './merge-texts.ts';

const BASE = `# The shop.
blok: 1
name: shop
nodes:
  # Loads.
  load:
    uses: http.request
    with: { url: "https://a.example", method: GET } # safe
  tell: { uses: log, needs: [load], with: { message: hi } }
`;
const given = { context: { catalogue: testCatalogue }, names: { ours: 'main', theirs: 'branch' } };
const merge = (ours: string, theirs: string, base = BASE) => mergeTexts({ base, ours, theirs }, given) as MergedText;
const change = (from: string, to: string): string => BASE.replace(from, to);

describe('a merge of texts', () => {
  it('changes what theirs changed in the text of ours, with its comments', () => {
    const ours = change('# Loads.', '# Loads everything.\n  # Twice.');
    const merged = merge(ours, change('method: GET', 'method: POST'));
    expect(merged.conflicts).toEqual([]);
    expect(merged.text).toBe(ours.replace('method: GET', 'method: POST'));
  });

  it('puts markers around the lines of a conflict, and nothing else', () => {
    const merged = merge(change('GET', 'POST'), change('GET', 'PUT').replace('message: hi', 'message: ho'));
    expect(merged.text).toBe(`# The shop.
blok: 1
name: shop
nodes:
  # Loads.
  load:
    uses: http.request
<<<<<<< main
    with: { url: "https://a.example", method: POST } # safe
=======
    with: { url: "https://a.example", method: PUT } # safe
>>>>>>> branch
  tell: { uses: log, needs: [load], with: { message: ho } }
`);
    expect(parseGraph(merged.text).graph).toBeNull();
  });

  it('marks the whole text if the lines of a conflict cannot be told apart', () => {
    const strange = (url: string) =>
      `blok: 1\nname: shop\nnodes: {\n  load: {\n    uses: http.request,\n    with: {\n      url: # where\n        "${url}",\n      method: GET\n    }\n  }\n}\n`;
    const merged = merge(strange('https://o.example'), strange('https://t.example'), strange('https://b.example'));
    expect(merged.conflicts).toMatchObject([{ kind: 'changed', path: '/nodes/load/with/url' }]);
    expect(merged.text).toMatch(/^<{7} main\n[\s\S]*o\.example[\s\S]*^={7}\n[\s\S]*t\.example[\s\S]*^>{7} branch\n/m);
    expect(parseGraph(merged.text).graph).toBeNull();
  });

  it.each([
    ['brackets', (graph: object) => stringify(graph, { collectionStyle: 'flow' })],
    ['JSON', (graph: object) => JSON.stringify(graph, null, 2)],
  ])('is no graph as long as there are markers, also within %s', (_, write) => {
    const all = (method: string, message: string) => {
      const lanes = Object.fromEntries([1, 2, 3, 4].map((n) => [`tell${n}`, { uses: 'log', with: { message } }]));
      return write({
        ...parseGraph(change('GET', method)).graph!,
        vars: { list: [method, message], text: method },
        nodes: lanes,
      });
    };
    const merged = merge(all('POST', 'one'), all('PUT', 'two'), all('GET', 'none'));
    expect(merged.text).toContain('<<<<<<< main');
    expect(parseGraph(merged.text)).toMatchObject({
      graph: null,
      problems: [{ code: 'syntax', message: expect.stringContaining('merge conflict') }],
    });
  });

  it('gives both sides to choose from if one deletes a node that the other changes', () => {
    const without = change('  tell: { uses: log, needs: [load], with: { message: hi } }\n', '');
    const changed = change('message: hi', 'message: ho');
    const marked = (text: string) => text.slice(text.indexOf('<<<<'));
    const line = '  tell: { uses: log, needs: [load], with: { message: ho } }\n';
    expect(marked(merge(without, changed).text)).toBe(`<<<<<<< main\n=======\n${line}>>>>>>> branch\n`);
    expect(marked(merge(changed, without).text)).toBe(`<<<<<<< main\n${line}=======\n>>>>>>> branch\n`);
  });

  it('is either side once all markers are decided for it', () => {
    const ours = change('GET', 'POST').replace('message: hi', 'message: 1');
    const theirs = change('GET', 'PUT').replace('message: hi', 'message: "2"');
    const { text, graph } = merge(ours, theirs);
    const choose = (keep: '$1' | '$2') =>
      text.replaceAll(/<<<<<<< main\n([\s\S]*?)=======\n([\s\S]*?)>>>>>>> branch\n/g, keep);
    expect(parseGraph(choose('$1')).graph).toEqual(graph);
    expect(parseGraph(choose('$2')).graph).toEqual(parseGraph(theirs).graph);
  });

  it('leaves a text without markers if only both changes together are wrong', () => {
    const ours = change('tell: {', 'say: { uses: log, needs: [load], with: { message: "1" } }\n  tell: {');
    const theirs = change('needs: [load], ', '');
    const merged = merge(ours.replace('load:', 'load: # first'), theirs.replace(/ {2}# Loads[\s\S]*# safe\n/, ''));
    expect(merged.conflicts).toMatchObject([{ kind: 'invalid', problem: { code: 'dangling-link' } }]);
    expect(merged.text).not.toContain('<<<<');
  });

  it('takes an empty base for nothing: both sides wrote everything', () => {
    expect(merge(BASE, BASE, '')).toMatchObject({ conflicts: [], text: BASE });
    expect(merge(BASE, change('GET', 'PUT'), '').conflicts).toMatchObject([{ kind: 'added', path: '/nodes/load' }]);
  });

  it('says which text is no graph', () => {
    expect(mergeTexts({ base: BASE, ours: BASE, theirs: 'blok: [' }, given)).toMatchObject({
      side: 'theirs',
      problems: [{ code: 'syntax' }],
    });
  });
});
