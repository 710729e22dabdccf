import { mintResumeToken, saveResumeToken, withWorkspace } from '../../db/index.ts';
import type { EffectRequest } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';

/** How long a link of `notify` can be used. */
const LINK_LIFE_MS = 90 * 86_400_000;

/**
 * For `notify`: mints the one-use link and puts it in scope as `resume.url`. The link is minted only here, so that it
 * never enters history. A retried attempt mints the same link.
 */
export async function withResume(deps: ActivityDeps, request: EffectRequest): Promise<EffectRequest> {
  if (!request.resume || !request.deferred) return request;
  const { workspace, runId, resume, deferred } = request;
  const expiresAt = new Date(Date.parse(request.resume.at) + LINK_LIFE_MS).toISOString();
  const { token, hash } = mintResumeToken(deps.keyring, { workspace, runId, step: resume.step, expiresAt });
  await withWorkspace(deps.database, workspace, (tx) =>
    saveResumeToken(tx, { hash, runId, step: resume.step, expiresAt }),
  );
  const value = { ...(deferred.scope.value as object), resume: { url: `${deps.publicUrl}/api/resume/${token}` } };
  return { ...request, deferred: { ...deferred, scope: { ...deferred.scope, value } } };
}
