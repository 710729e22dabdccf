/** Edits keep the tools of an agent and their nodes together. */
import { describe, expect, it } from 'vitest';
import { diffGraphs } from '../diff/index.ts';
import { parseGraph } from '../document/parse.ts';
import type { Graph } from '../document/types.ts';
import { mergeGraphs } from '../merge/index.ts';
import { toMermaid } from '../render/mermaid.ts';
import { testCatalogue } from '../validate/testing/validated.ts';
import { validate } from '../validate/validate.ts';
import { type Command, edit } from './index.ts';

const { graph } = parseGraph(`
blok: 1
name: demo
nodes:
  desk:
    uses: ai.agent
    connection: openai
    with:
      model: m
      input: x
      tools:
        find: { description: F., approval: { to: ["role:x"], title: "\${{ loops.desk.item.name }}" } }
        pay: { description: P. }
    nodes:
      find: { uses: kv.get, with: { key: "\${{ item.args.n }}" } }
      pay: { uses: try, nodes: { a: { uses: kv.get, with: { key: "\${{ loops.desk.item.id }}" } } }, catch: { nodes: {} } }
  tell: { uses: log, needs: [desk], with: { message: "\${{ nodes.desk.output }}" } }
`);
const given = graph as Graph;
const BODY = '/nodes/desk';

const edited = (command: Command, from = given): Graph => {
  const { graph: next, problems } = edit(from, command);
  expect(problems).toBeUndefined();
  return next;
};
const errors = (of: Graph) => validate(of, { catalogue: testCatalogue }).filter(({ severity }) => severity === 'error');
const toolNames = (of: Graph) => Object.keys(of.nodes.desk!.with!.tools as object);

it('the graph they begin with has no problems', () => {
  expect(errors(given)).toEqual([]);
});

it('a tool that is renamed is renamed for the model, too, and stays where it is in the list', () => {
  const next = edited({ do: 'renameNode', body: BODY, id: 'find', to: 'lookUp' });
  expect([Object.keys(next.nodes.desk!.nodes!), toolNames(next), errors(next)]).toEqual([
    ['lookUp', 'pay'],
    ['lookUp', 'pay'],
    [],
  ]);
});

it('an agent that is renamed is followed by its tools and their approvals', () => {
  const next = edited({ do: 'renameNode', id: 'desk', to: 'agent' });
  expect(errors(next)).toEqual([]);
  expect(JSON.stringify(next)).not.toContain('loops.desk');
});

it('the model is no longer told of a tool whose node is removed', () => {
  const next = edited({ do: 'removeNode', body: BODY, id: 'find' });
  expect([toolNames(next), errors(next)]).toEqual([['pay'], []]);
  expect(toolNames(edited({ do: 'moveNodes', body: BODY, ids: ['find'], to: '' }))).toEqual(['pay']);
});

describe('a merge', () => {
  it('follows a renaming of a tool on one side, and keeps what the other side changed of it', () => {
    const ours = edited({ do: 'renameNode', body: BODY, id: 'find', to: 'lookUp' });
    const theirs = edited({ do: 'setParameter', path: '/nodes/desk/nodes/find/with/key', value: 'k' });
    const { graph: merged, conflicts } = mergeGraphs(
      { base: given, ours, theirs },
      { context: { catalogue: testCatalogue } },
    );
    expect([conflicts, errors(merged)]).toEqual([[], []]);
    expect(merged.nodes.desk!.nodes!.lookUp).toMatchObject({ with: { key: 'k' } });
  });
});

it('a difference names the tool that changed', () => {
  const next = edited({ do: 'setParameter', path: '/nodes/desk/nodes/find/with/key', value: 'k' });
  expect(JSON.stringify(diffGraphs(given, next).changes)).toContain('/nodes/desk/nodes/find');
});

it('a drawing shows the tools inside of the agent', () => {
  expect(toMermaid(given)).toContain('subgraph n_desk["desk<br>ai.agent"]\n    n_desk.find["find<br>kv.get"]');
});
