import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * What is wrong with a value, without the detours: of a value that may be one of several things, what is wrong with it as
 * the thing that it is most like; of a key, what is wrong with the key.
 */
export function plainIssues(issues: readonly Issue[]): Issue[] {
  return issues.flatMap((issue) => {
    const inner = within(issue);
    return inner.length === 0 ? [issue] : plainIssues(inner).map((one) => below(issue, one));
  });
}

function within(issue: Issue): readonly Issue[] {
  if (issue.code === 'invalid_key') return issue.issues;
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [];
  return issue.errors.reduce((best, one) => (isNearer(one, best) ? one : best));
}

/** Whose deepest mistake is deeper, or which has fewer. */
function isNearer(one: readonly Issue[], other: readonly Issue[]): boolean {
  const depth = (of: readonly Issue[]) => Math.max(...of.map(({ path }) => path.length));
  return depth(one) === depth(other) ? one.length < other.length : depth(one) > depth(other);
}

const below = (outer: Issue, inner: Issue): Issue => ({ ...inner, path: [...outer.path, ...inner.path] });
