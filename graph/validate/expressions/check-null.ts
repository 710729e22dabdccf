import type { Unguarded } from '../../expression/types.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { mayBeNull, mayHaveNoError } from '../outcomes/analyse.ts';
import { type Frame, frameOf, type Scope } from '../places/places.ts';

/** Checks a property that is read without `?.`: the value it is read from may be null in some outcome. */
export function checkNull({ of, node }: Unguarded, path: string, scope: Scope): Problem | null {
  if (of === 'error') {
    if (scope.errorMayBeNull !== true) return null;
    return mayBe('error', path, 'nothing may have failed before this is read');
  }
  const frame = frameOf(node, scope);
  if (frame === undefined) return null;
  const name = `${of}.${node}`;
  if (frame.self && frame.node === node)
    return of === 'errors'
      ? mayBe(name, path, `${node} is undone, too, if it succeeded`)
      : problem(
          'may-be-null',
          path,
          `\`${name}\` is null if its outcome is unknown.`,
          `Write \`${name}?.\`, or better, use your own reference, such as \`run.id\`.`,
        );
  if (!isNullable(of, frame, node)) return null;
  return mayBe(name, path, `there is an outcome in which ${node} did not ${of === 'nodes' ? 'succeed' : 'fail'}`);
}

const mayBe = (name: string, path: string, why: string): Problem =>
  problem(
    'may-be-null',
    path,
    `\`${name}\` may be null here: ${why}.`,
    `Write \`${name}?.\`, and a fallback after \`??\`.`,
  );

function isNullable(of: 'nodes' | 'errors', { sees, analysis, node, holds }: Frame, id: string): boolean {
  if (sees === 'attempt') return true;
  // Nothing is known about nodes on a cycle; the cycle is reported.
  if (!analysis.index.has(node ?? id)) return false;
  return of === 'nodes' ? mayBeNull(analysis, holds, id) : mayHaveNoError(analysis, holds, id);
}
