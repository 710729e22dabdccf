import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { leaseGrant, noteRefusal, patiently, storeTokens } from '../db/index.ts';
import { NodeError } from '../integrations/error.ts';
import { minted, refreshed } from '../integrations/oauth/ask.ts';
import { GRANT_ENDED } from '../integrations/oauth/refusal.ts';
import { isAlive, isFresh, type Tokens } from '../integrations/oauth/tokens.ts';
import type { At, CredentialDeps } from './deps.ts';
import { readStored, type Stored, type StoredOAuth, within } from './stored.ts';
import { expired, NEVER_CONNECTED, notRefreshed } from './words.ts';

/** How long the others wait for whoever asks for the next tokens. */
const LEASE_SECONDS = 30;

/** Limits of the two requests that fit into a lease: the second follows if the answer to the first is lost. */
const FIRST_MS = 15_000;
const SECOND_MS = 10_000;

/** Longest wait for tokens that another process asks for. */
const LONGEST_WAIT_MS = 35_000;

/** How long the tokens that came wait for Blok's own database: lost tokens may be the last ones. */
const STORING_MS = 120_000;

/** A connection with a token that can be used. */
export interface Held {
  readonly stored: Stored;
  readonly oauth: StoredOAuth;
  readonly tokens: Tokens;
  readonly version: number;
}

/** Which token is wanted. */
export interface Wanted {
  /** The version of the tokens that the service refuses. Newer ones are used; these are replaced. */
  readonly refused?: number;
}

/** A connection whose tokens are there; its version is what a writer must name. */
type Granted = Stored & { readonly oauth: StoredOAuth & { readonly grant: NonNullable<StoredOAuth['grant']> } };

/** The token that is stored, if it can be used as it is. @throws NodeError `connection.expired` */
export function usable(deps: CredentialDeps, stored: Stored, { refused }: Wanted): Held | null {
  const { oauth } = granted(stored);
  const { tokens, grant, use } = oauth;
  if (tokens === null || grant.version === refused) return null;
  return isFresh(tokens, use.provider, deps.now(), Math.random())
    ? { stored, oauth, tokens, version: grant.version }
    : null;
}

/**
 * A token that can be used: the stored one, or the next. One process asks the service; it has a lease on the row, and no
 * lock, because the service may take long. The others read again until there is a newer version.
 *
 * @throws NodeError `connection.expired` (final), `connection.refresh`
 */
export async function nextTokens(deps: CredentialDeps, at: At, wanted: Wanted): Promise<Held> {
  const until = Date.now() + LONGEST_WAIT_MS;
  for (let pauseMs = 25; ; pauseMs = Math.min(400, pauseMs * 2)) {
    const stored = granted(await readStored(deps, at));
    const found = usable(deps, stored, wanted);
    if (found) return found;
    if (!canRenew(stored.oauth)) return lastUse(deps, at, stored, wanted);
    const lease = randomUUID();
    const { version } = stored.oauth.grant;
    const isMine = await within(deps, at, (tx) =>
      leaseGrant(tx, { connection: at.name, version, lease, seconds: LEASE_SECONDS }),
    );
    if (isMine) return await (await ask(deps, at, { stored, lease, wanted }))();
    if (Date.now() > until) return withoutNew(deps, at, stored, wanted, tooLong);
    await setTimeout(pauseMs);
  }
}

const tooLong = new NodeError('oauth.unavailable', 'another worker has been asking for it for too long.', {
  retryable: true,
});

function granted(stored: Stored): Granted {
  const { oauth, connection } = stored;
  if (!oauth) throw new Error('not an OAuth connection');
  if (!oauth.grant) throw expired(connection.name, 'It was changed since it was connected.');
  if (oauth.grant.state === 'reconnect') throw expired(connection.name, oauth.grant.error ?? NEVER_CONNECTED);
  return stored as Granted;
}

/** Whether there is another token to be had without a person. */
export const canRenew = ({ use, tokens }: StoredOAuth): boolean =>
  use.grant !== 'authorization_code' || (tokens?.refreshToken ?? null) !== null;

/** What is done while the lease is held. */
interface Asking {
  readonly stored: Granted;
  readonly lease: string;
  readonly wanted: Wanted;
}

/** Asks the service, and stores what came before anybody uses it. @returns how to go on, once the lease is given back */
async function ask(deps: CredentialDeps, at: At, { stored, lease, wanted }: Asking): Promise<() => Promise<Held>> {
  const { name: connection } = at;
  const { use, grant, binding } = stored.oauth;
  const again = () => nextTokens(deps, at, wanted);
  const note = (state: 'ok' | 'reconnect', error: NodeError) =>
    within(deps, at, (tx) =>
      noteRefusal(tx, { connection, version: grant.version, lease, state, error: error.message }),
    );
  try {
    const tokens = await askTwice(deps, stored.oauth);
    const { expiresAt, scopes } = tokens;
    const isStored = await patiently(
      () =>
        within(deps, at, (tx) =>
          storeTokens(tx, {
            ...{ connection, version: grant.version, binding, tokens, keyring: deps.keyring },
            facts: { expiresAt, scopes, account: null },
          }),
        ),
      { limitMs: STORING_MS },
    );
    // Fenced: if another process was faster, its tokens count.
    if (!isStored) return again;
    return async () => ({ stored, oauth: { ...stored.oauth, tokens, use }, tokens, version: grant.version + 1 });
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    if (error.code !== GRANT_ENDED) {
      await note('ok', error);
      return async () => withoutNew(deps, at, stored, wanted, error);
    }
    // If somebody else has stored newer tokens meanwhile, those count.
    if (!(await note('reconnect', error))) return again;
    throw expired(connection, error.message);
  }
}

/** The same request once more if its answer is lost: services forgive that for a moment, but not later. */
async function askTwice(deps: CredentialDeps, { use, tokens }: StoredOAuth): Promise<Tokens> {
  const request = (timeoutMs: number) => {
    const asking = { network: deps.network, use, now: deps.now, timeoutMs };
    return use.grant === 'authorization_code' ? refreshed(asking, tokens!) : minted(asking);
  };
  return request(FIRST_MS).catch((error: unknown) => {
    if (error instanceof NodeError && error.unknown) return request(SECOND_MS);
    throw error;
  });
}

/** The token that is there, if it has not ended and was not refused. */
function stillGood(deps: CredentialDeps, stored: Granted, { refused }: Wanted): Held | null {
  const { oauth } = stored;
  const { tokens, grant } = oauth;
  const isGood = tokens !== null && grant.version !== refused && isAlive(tokens, deps.now());
  return isGood ? { stored, oauth, tokens, version: grant.version } : null;
}

/** A token that ends soon is better than none. */
function withoutNew(deps: CredentialDeps, at: At, stored: Granted, wanted: Wanted, why: NodeError): Held {
  const held = stillGood(deps, stored, wanted);
  if (!held) throw notRefreshed(at.name, why);
  return held;
}

/** Without a refresh token, the access token is used until it ends; then a person is needed. */
async function lastUse(deps: CredentialDeps, at: At, stored: Granted, wanted: Wanted): Promise<Held> {
  const held = stillGood(deps, stored, wanted);
  if (held) return held;
  const { tokens, grant } = stored.oauth;
  const error =
    tokens === null ? NEVER_CONNECTED : 'Its access token has ended, and the service gave no refresh token.';
  if (tokens !== null && isAlive(tokens, deps.now())) throw expired(at.name, 'The service gave no refresh token.');
  await within(deps, at, (tx) =>
    noteRefusal(tx, { connection: at.name, version: grant.version, lease: null, state: 'reconnect', error }),
  );
  throw expired(at.name, error);
}
