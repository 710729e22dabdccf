import { problem } from '../../problems/codes.ts';
import { didYouMean } from '../../problems/nearest.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Scope } from '../places/places.ts';

const OF_LOOPS = ['item', 'index', 'state'];

/** Checks `loops.<id>.<member>`: the expression is inside that loop, and this kind of loop has the member. */
export function checkLoop(id: string, member: string | undefined, path: string, scope: Scope): Problem | null {
  const has = scope.loops.get(id);
  if (has === undefined) {
    const meant = didYouMean(id, scope.loops.keys());
    return problem('unknown-loop', path, `\`loops.${id}\`: no loop ${id} is around this expression.${meant}`);
  }
  if (member === undefined || has.includes(member)) return null;
  const name = `\`loops.${id}.${member}\``;
  if (!OF_LOOPS.includes(member))
    return problem(
      'unknown-field',
      path,
      `${name}: a loop has no \`${member}\`.${didYouMean(member, has)}`,
      hintFor(id, has),
    );
  const owner = member === 'item' ? 'forEach' : 'while';
  return problem(
    'not-in-scope',
    path,
    `${name}: only a \`${owner}\` has \`${member}\`, and ${id} is not a \`${owner}\`.`,
    hintFor(id, has),
  );
}

const hintFor = (id: string, has: readonly string[]): string =>
  `Read ${has.map((name) => `\`loops.${id}.${name}\``).join(' or ')}.`;
