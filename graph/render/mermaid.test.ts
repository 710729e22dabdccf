import { describe, expect, it } from 'vitest';
import { parseGraph } from '../document/parse.ts';
import { toMermaid } from './mermaid.ts';

const draw = (text: string) => toMermaid(parseGraph(text).graph!);

describe('toMermaid', () => {
  it('draws triggers, nodes, containers, links and ports', () => {
    const drawn = draw(`
blok: 1
name: demo
triggers: { hook: { uses: webhook } }
nodes:
  check: { uses: if, needs: [hook], with: { test: true } }
  each:
    uses: forEach
    label: All of them
    needs: [check.true]
    with: { items: [] }
    nodes: { a: { uses: set }, b: { uses: set, needs: [a.error] } }
  safe: { uses: try, needs: [each], nodes: { c: { uses: set } }, catch: { nodes: { d: { uses: log } } } }
`);
    expect(drawn).toBe(`flowchart TD
  t_hook(["hook<br>webhook"])
  n_check{"check<br>if"}
  subgraph n_each["All of them<br>forEach"]
    n_each.a["a<br>set"]
    n_each.b["b<br>set"]
    n_each.a -->|"error"| n_each.b
  end
  subgraph n_safe["safe<br>try"]
    n_safe.c["c<br>set"]
    subgraph n_safe.catch["catch"]
      n_safe.catch.d["d<br>log"]
    end
  end
  t_hook --> n_check
  n_check -->|"true"| n_each
  n_each --> n_safe
`);
  });

  it('lets no label become syntax', () => {
    const drawn = draw(
      `{"blok": 1, "name": "x", "nodes": {"end": {"uses": "set", "label": "\\"] --> evil;\\n%% <b>#quot;\`md\`"}}}`,
    );
    expect(drawn.split('\n')).toHaveLength(3);
    expect(drawn).toContain('n_end["#34;#93; --#62; evil#59; #37;#37; #60;b#62;#35;quot#59;#96;md#96;<br>set"]');
  });

  it('lets no id become syntax, not even an id that the language refuses', () => {
    expect(draw('{ blok: 1, name: x, nodes: { "a]; b": { uses: set, label: x }, c: { uses: set } } }')).toBe(
      'flowchart TD\n  n_a_x5d__x3b__x20_b["x<br>set"]\n  n_c["c<br>set"]\n',
    );
  });

  it('leaves out links that lead nowhere', () => {
    expect(draw('{ blok: 1, name: x, nodes: { a: { uses: set, needs: [gone, toString] } } }')).toBe(
      'flowchart TD\n  n_a["a<br>set"]\n',
    );
  });
});
