import { listQuietGrants, withWorkspace } from '../db/index.ts';
import { NodeError } from '../integrations/error.ts';
import type { CredentialDeps } from './deps.ts';
import { canRenew, nextTokens } from './renew.ts';
import { readStored } from './stored.ts';

/**
 * Services end a refresh token that nobody uses: Salesforce after 30 days, Airtable after 60, Microsoft after 90, Google
 * after six months. A week is early enough for all of them, also if this installation is off for a while.
 */
const QUIET_MS = 7 * 86_400_000;
const PAGE = 100;

/**
 * Renews the tokens of connections that were not used for a week, so that their access does not end unseen.
 *
 * @returns those whose service did not give new tokens, with the reason
 */
export async function keepAccess(
  deps: CredentialDeps,
  { workspace }: { readonly workspace: string },
): Promise<{ readonly name: string; readonly reason: string }[]> {
  const before = new Date(deps.now() - QUIET_MS);
  const failed: { name: string; reason: string }[] = [];
  // All of them, page by page: those that cannot be renewed stay quiet, and are found each time.
  for (let after = ''; ; ) {
    const page = { before, after, limit: PAGE };
    const quiet = await withWorkspace(deps.database, workspace, (tx) => listQuietGrants(tx, page));
    for (const { name, version } of quiet) {
      try {
        const { oauth } = await readStored(deps, { workspace, name });
        // Without a refresh token there is nothing that could end.
        if (oauth && canRenew(oauth)) await nextTokens(deps, { workspace, name }, { refused: version });
      } catch (error) {
        // One that fails, or was deleted meanwhile, does not keep the others from theirs.
        failed.push({ name, reason: error instanceof NodeError ? error.message : String(error) });
      }
    }
    if (quiet.length < PAGE) return failed;
    after = quiet.at(-1)!.name;
  }
}
