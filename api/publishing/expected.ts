import type { WorkflowHead } from '../../db/index.ts';
import { judge, type Preconditions } from '../http/preconditions.ts';
import { ApiProblem } from '../http/problem.ts';
import { versionEtag } from './etag.ts';

/**
 * Checks that what is published of a workflow is what a caller expects.
 *
 * @param input.onto the version that must be published, null for none; absent: any
 * @throws ApiProblem `version.changed`
 */
export function requireExpected(
  input: Preconditions & { readonly name: string; readonly onto?: number | null | undefined },
  head: WorkflowHead,
): void {
  const etag = head.version === null ? null : versionEtag(head.version);
  const isExpected = input.onto === undefined || input.onto === head.version;
  if (isExpected && judge(input, etag) !== 'failed') return;
  const { version, hash, publishedAt } = head;
  throw new ApiProblem(
    'version.changed',
    version === null
      ? `Nothing is published of "${input.name}".`
      : `Version ${version} of "${input.name}" was published at ${publishedAt}. Look at it, then send the request again.`,
    { current: version === null ? null : { name: input.name, version, hash, publishedAt } },
  );
}
