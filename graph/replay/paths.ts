import type { PlanBody, PlanNode } from '../plan/types.ts';

/** The node that a step path means; undefined if the plan has none. */
export function nodeAtPath(body: PlanBody, path: string): PlanNode | undefined {
  const id = /^[A-Za-z]\w*/.exec(path)?.[0];
  const node = body.nodes.find((each) => each.id === id);
  if (!node || id === undefined) return undefined;
  const rest = path.slice(id.length);
  if (rest === '') return node;
  const [part, inner] = partOf(rest);
  const next = part === 'catch' ? node.catch : part === 'finally' ? node.finally : node.body;
  return next && inner !== '' ? nodeAtPath(next, inner) : undefined;
}

function partOf(rest: string): ['catch' | 'finally' | 'body', string] {
  const stage = /^\.(catch|finally)\./.exec(rest);
  if (stage) return [stage[1] as 'catch' | 'finally', rest.slice(stage[0].length)];
  return ['body', rest.replace(/^(\[\d+\])?\./, '')];
}

/** Whether a path lies inside a container. */
export const isInside = (path: string, container: string): boolean =>
  path.startsWith(`${container}.`) || path.startsWith(`${container}[`);

/** All that a path lies inside of: `a[0].b.c` lies inside of `a`, `a[0]` and `a[0].b`. */
export const containersOf = (path: string): string[] =>
  [...path.matchAll(/[.[]/g)].map(({ index }) => path.slice(0, index));

/** The index of the item or round of a loop that a path lies in; undefined if it lies in none. */
export function indexIn(loop: string, path: string): number | undefined {
  if (!path.startsWith(`${loop}[`)) return undefined;
  const index = /^\d+/.exec(path.slice(loop.length + 1))?.[0];
  return index === undefined ? undefined : Number(index);
}
