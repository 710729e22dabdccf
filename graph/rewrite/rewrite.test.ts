import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseGraph } from '../document/parse.ts';
import type { Graph } from '../document/types.ts';
import { type Command, edit } from '../edit/index.ts';
import type { Json } from '../json.ts';
import { randomEdits } from '../merge/testing/random-edits.ts';
import { drawFrom, draws, randomGraph } from '../run-state/testing/random-graphs.ts';
import { editText, rewriteEdits, rewriteText } from './index.ts';

const TEXT = `# What the shop does.
blok: 1
name: shop # a slug

# Five is enough.
vars: { percent: 5 }
nodes:
  # Where the data come from.
  load: # the first
    uses: http.request
    with: { url: "https://a.example", method: GET } # safe
  pick:
    uses: switch
    needs: [load]
    with:
      value: "\${{ nodes.load.body.kind }}"
      cases:
        - port: new # the usual
          is: new
        # Seldom.
        - { port: old, is: old }
  tell:
    uses: log
    needs: [pick.new, pick.old]
    with:
      message: |
        Hello

        you
# The end.
`;
const graph = parseGraph(TEXT).graph!;
const value = graph as unknown as Json;

/** The lines that a change takes away and puts there. */
function changed(next: unknown, text = TEXT): string[] {
  const result = rewriteText(text, next as Json);
  expect(parseGraph(result).graph).toEqual(next);
  const [before, after] = [text.split('\n'), result.split('\n')];
  const gone = before.filter((line) => !after.includes(line)).map((line) => `-${line}`);
  return [...gone, ...after.filter((line) => !before.includes(line)).map((line) => `+${line}`)];
}

const set = (path: string, to?: Json): Graph =>
  edit(graph, { do: 'setParameter', path, ...(to === undefined ? {} : { value: to }) }).graph;

describe('a rewritten text', () => {
  it('is the same text if it says so already, whatever the order of fields', () => {
    expect(rewriteText(TEXT, value)).toBe(TEXT);
    expect(rewriteText(TEXT, Object.fromEntries(Object.entries(graph).reverse()) as Json)).toBe(TEXT);
  });

  it('changes a value and leaves the comment behind it', () => {
    expect(changed(set('/name', 'store'))).toEqual(['-name: shop # a slug', '+name: store # a slug']);
    expect(changed(set('/nodes/load/with/method', 'POST'))).toEqual([
      '-    with: { url: "https://a.example", method: GET } # safe',
      '+    with: { url: "https://a.example", method: POST } # safe',
    ]);
    expect(changed(set('/nodes/load/with', { url: 'x y', list: [1] }))).toEqual([
      '-    with: { url: "https://a.example", method: GET } # safe',
      '+    with: { url: x y, list: [1] } # safe',
    ]);
  });

  it('adds and removes fields where they stand', () => {
    expect(changed(set('/nodes/load/with/json', { a: '${{ vars.percent }}' }))).toEqual([
      '-    with: { url: "https://a.example", method: GET } # safe',
      '+    with: { url: "https://a.example", method: GET, json: { a: "${{ vars.percent }}" } } # safe',
    ]);
    expect(changed(set('/nodes/load/timeout', '5s'))).toEqual(['+    timeout: 5s']);
    expect(changed(set('/nodes/tell/with/message'))).toEqual([
      '-      message: |',
      '-        Hello',
      '-        you',
      '+    with: {}',
    ]);
    expect(changed(set('/vars'))).toEqual(['-# Five is enough.', '-vars: { percent: 5 }']);
    expect(changed(set('/nodes/tell/with/message', 'One\nTwo\n'))).toEqual([
      '-        Hello',
      '-        you',
      '+        One',
      '+        Two',
    ]);
  });

  it('adds nodes after the one they follow, and removes a node with the comment above it', () => {
    const added = edit(graph, {
      do: 'addNode',
      id: 'more',
      node: { uses: 'wait', needs: ['load'], with: { for: '5s' } },
    }).graph;
    expect(changed(added)).toEqual(['+  more: { uses: wait, needs: [load], with: { for: 5s } }']);
    expect(changed(edit(graph, { do: 'removeNode', id: 'load' }).graph).filter((line) => line.includes('#'))).toEqual([
      '-  # Where the data come from.',
      '-  load: # the first',
      '-    with: { url: "https://a.example", method: GET } # safe',
    ]);
  });

  it('changes one item of a list', () => {
    expect(changed(set('/nodes/pick/with/cases/0/is', ['new', 'fresh']))).toEqual([
      '-          is: new',
      '+          is: [new, fresh]',
    ]);
    expect(changed(set('/nodes/pick/with/cases/-', { port: 'x', when: true }))).toEqual([
      '+        - { port: x, when: true }',
    ]);
    expect(changed(set('/nodes/pick/with/cases/1'))).toEqual([
      '-        # Seldom.',
      '-        - { port: old, is: old }',
    ]);
    expect(changed(edit(graph, { do: 'unlink', from: 'pick.new', to: 'tell' }).graph)).toEqual([
      '-    needs: [pick.new, pick.old]',
      '+    needs: [pick.old]',
    ]);
  });

  it('renames a node where it stands', () => {
    expect(changed(edit(graph, { do: 'renameNode', id: 'load', to: 'fetch' }).graph)).toEqual([
      '-  load: # the first',
      '-    needs: [load]',
      '-      value: "${{ nodes.load.body.kind }}"',
      '+  fetch: # the first',
      '+    needs: [fetch]',
      '+      value: "${{ nodes.fetch.body.kind }}"',
    ]);
  });

  it('takes the comments of a node into the container that it is moved into', () => {
    const wrapped = edit(graph, {
      do: 'wrapNodes',
      ids: ['load'],
      id: 'safe',
      container: { uses: 'try', finally: { nodes: {} } },
    }).graph;
    const text = rewriteText(TEXT, wrapped as unknown as Json);
    for (const part of ['      # Where the data come from.', '      load: # the first', 'method: GET } # safe'])
      expect(text).toContain(part);
    const back = rewriteText(text, value);
    expect(parseGraph(back).graph).toEqual(graph);
    expect(back).toContain('  # Where the data come from.\n  load: # the first');
  });

  it('leaves JSON JSON, and line breaks as they are', () => {
    const json = JSON.stringify(graph, null, 2);
    const next = rewriteText(json, set('/nodes/load/timeout', '5s') as unknown as Json);
    expect(JSON.parse(next)).toEqual(set('/nodes/load/timeout', '5s'));
    expect(next.split('\n').length).toBe(json.split('\n').length + 1);
    const windows = TEXT.replaceAll('\n', '\r\n');
    const changedText = rewriteText(windows, set('/nodes/load/timeout', '5s') as unknown as Json);
    expect(changedText.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(parseGraph(changedText).graph).toEqual(set('/nodes/load/timeout', '5s'));
  });

  it('says what it should even if the text is no text of a graph', () => {
    expect(parseGraph(rewriteText('[1', value)).graph).toEqual(graph);
    expect(parseGraph(rewriteText('', value)).graph).toEqual(graph);
  });
});

/** Ways in which people write YAML. */
const WRITERS: readonly ((graph: Graph) => string)[] = [
  (graph) => stringify(graph, { lineWidth: 0 }),
  (graph) => stringify(graph, { collectionStyle: 'flow' }),
  (graph) => stringify(graph, { indent: 4, indentSeq: false, defaultStringType: 'QUOTE_SINGLE' }),
  (graph) => JSON.stringify(graph),
  (graph) => JSON.stringify(graph, null, 2),
  (graph) => stringify(graph, { lineWidth: 0 }).replaceAll(/^( *)(\S.*:)$/gm, '$1# about $2\n$1$2'),
  (graph) => stringify(graph).replaceAll(/^( *\w+: \w+)$/gm, '$1 # really'),
  (graph) => stringify(graph, { lineWidth: 0 }).replaceAll('\n', '\r\n'),
];

describe('the text of an edited graph', () => {
  const numRuns = Number(process.env.BLOK_PROPERTY_RUNS ?? 150);

  it('says exactly what the edited graph says, in every way of writing', { timeout: 30_000 + numRuns * 50 }, () => {
    let anew = 0;
    fc.assert(
      fc.property(draws(80), draws(40), fc.constantFrom(...WRITERS), (numbers, choices, write) => {
        const base = randomGraph(drawFrom(numbers));
        const { graph: next } = randomEdits(base, { name: 'new', draw: drawFrom(choices), elsewhere: true }, 6);
        const text = write(base);
        expect(parseGraph(text).graph).toEqual(base);
        expect(parseGraph(rewriteText(text, next as unknown as Json)).graph).toEqual(next);
        if (rewriteEdits(text, next as unknown as Json) === null) anew += 1;
      }),
      { numRuns },
    );
    // Only what is written strangely is written anew.
    expect(anew).toBeLessThan(numRuns / 20);
  });

  it('is the text of a command as the graph is its graph', () => {
    const commands: Command[] = [
      { do: 'renameNode', id: 'load', to: 'fetch' },
      { do: 'moveNodes', ids: ['tell'], to: '' },
      { do: 'addTrigger', id: 'hook', trigger: { uses: 'call' } },
      { do: 'replaceType', id: 'tell', uses: 'set', with: { value: 1 } },
      { do: 'wrapNodes', ids: ['load', 'pick', 'tell'], id: 'all', container: { uses: 'try' } },
      { do: 'addLane', id: 'all', lane: 'catch' },
      { do: 'unwrap', id: 'all' },
    ];
    let at = { text: TEXT, graph };
    for (const command of commands) {
      const [text, next] = [editText(at.text, command).text, edit(at.graph, command).graph];
      expect(parseGraph(text).graph).toEqual(next);
      expect(text).toContain('# Where the data come from.');
      at = { text, graph: next };
    }
    expect(editText(TEXT, { do: 'removeNode', id: 'nope' })).toMatchObject({
      text: TEXT,
      problems: [{ code: 'unknown-node' }],
    });
    expect(editText('[', { do: 'removeNode', id: 'a' })).toMatchObject({ text: '[', problems: [{ code: 'syntax' }] });
  });

  it('keeps every comment that stands beside something unchanged', () => {
    const folder = new URL('../../examples/', import.meta.url);
    for (const name of ['csv-report', 'expense-approval']) {
      const text = readFileSync(new URL(`${name}/graph.yaml`, folder), 'utf8');
      const parsed = parseGraph(text).graph!;
      for (const id of Object.keys(parsed.nodes)) {
        const renamed = edit(parsed, { do: 'renameNode', id, to: 'newName' }).graph;
        const result = rewriteText(text, renamed as unknown as Json);
        expect(parseGraph(result).graph).toEqual(renamed);
        expect(result.match(/#.*/g)).toEqual(text.match(/#.*/g));
      }
    }
  });
});
