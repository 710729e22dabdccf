import * as db from '../db/index.ts';
import { NodeError } from '../integrations/error.ts';
import { exchangeCode } from '../integrations/oauth/ask.ts';
import { authorizeAddress, fromRightServer } from '../integrations/oauth/authorize.ts';
import { serverName } from '../integrations/oauth/provider.ts';
import type { Tokens } from '../integrations/oauth/tokens.ts';
import type { At, CredentialDeps } from './deps.ts';
import { readStored, type StoredOAuth, within } from './stored.ts';

/** How long a person may take on the page of a service, in seconds. */
export const VISIT_SECONDS = 600;

/** Why a person who comes back is not let in. */
export class VisitError extends Error {
  override readonly name = 'VisitError';
  readonly reason: 'unknown' | 'over' | 'refused';

  constructor(reason: VisitError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The address to which the page of a service sends people back. */
export const redirectUriOf = (publicUrl: string, server: string): string =>
  `${publicUrl}/api/oauth/callback/${encodeURIComponent(server)}`;

/**
 * Begins the visit of a service's page.
 *
 * @throws VisitError `refused` if the connection needs no person
 */
export async function beginVisit(
  deps: CredentialDeps,
  at: At & { readonly publicUrl: string },
): Promise<{ ticket: string; expiresAt: string; redirectUri: string }> {
  const { use, binding } = await oauthOf(deps, at);
  if (use.grant !== 'authorization_code')
    throw new VisitError('refused', 'This connection needs no person: it gets its tokens by itself.');
  const { ticket, state } = db.newVisit(deps.keyring);
  const server = serverName(use.provider);
  const visit = { connection: at.name, binding, server, stateHash: db.hashState(state), seconds: VISIT_SECONDS };
  const { expiresAt } = await within(deps, at, (tx) => db.openVisit(tx, visit));
  return { ticket, expiresAt, redirectUri: redirectUriOf(at.publicUrl, server) };
}

/** The address of the service's page. @throws VisitError `unknown` */
export async function pageOf(
  deps: CredentialDeps,
  { workspace, ticket, publicUrl }: { workspace: string; ticket: string; publicUrl: string },
): Promise<{ address: string; state: string }> {
  const { state, verifier } = db.visitOf(deps.keyring, ticket);
  const visit = await within(deps, { workspace }, (tx) => db.findVisit(tx, { stateHash: db.hashState(state) }));
  if (!visit) throw new VisitError('unknown', 'This address is not valid, or not valid any more.');
  const { use } = await oauthOf(deps, { workspace, name: visit.connection });
  const address = authorizeAddress(use, { state, verifier, redirectUri: redirectUriOf(publicUrl, visit.server) });
  return { address, state };
}

/** What came back from the page of a service. */
export interface Return {
  readonly workspace: string;
  /** The name of the service in the address that was called. */
  readonly server: string;
  /** The tickets that the browser holds. */
  readonly tickets: readonly string[];
  readonly parameters: URLSearchParams;
  readonly publicUrl: string;
}

/**
 * Ends a visit: exchanges the code for tokens and stores them. Nothing happens unless the browser is the one that began,
 * the visit is not over, and the answer is one of the service that was asked.
 *
 * @throws VisitError; NodeError `oauth.*`
 */
export async function endVisit(deps: CredentialDeps, back: Return): Promise<{ connection: string }> {
  const { workspace, parameters, publicUrl } = back;
  const state = parameters.get('state') ?? '';
  const ticket = back.tickets.find((one) => db.belongsTo(deps.keyring, one, state));
  if (ticket === undefined)
    throw new VisitError('unknown', 'This browser did not begin to connect anything, or did so too long ago.');
  const stateHash = db.hashState(state);
  const visit = await within(deps, { workspace }, (tx) => db.takeVisit(tx, { stateHash }));
  if (!visit) throw new VisitError('over', 'This answer came before, or too late. Begin again.');
  const at = { workspace, name: visit.connection };
  const oauth = await oauthOf(deps, at);
  if (oauth.binding !== visit.binding)
    throw new VisitError('over', `The connection "${at.name}" was changed meanwhile. Begin again.`);
  if (visit.server !== back.server) throw mixedUp;
  const answer = fromRightServer(oauth.use, parameters);
  refuseError(answer);
  const { verifier } = db.visitOf(deps.keyring, ticket);
  const redirectUri = redirectUriOf(publicUrl, visit.server);
  const asking = { network: deps.network, use: oauth.use, now: deps.now };
  const tokens = await exchangeCode(asking, { parameters: answer, state, verifier, redirectUri });
  await keep(deps, at, oauth, tokens);
  return { connection: at.name };
}

const mixedUp = new NodeError(
  'oauth.mixedUp',
  'The answer came from another service than the one that was asked. Nothing was connected.',
);

/** The person, or the service, said no. */
function refuseError(parameters: URLSearchParams): void {
  const error = parameters.get('error');
  if (error === null) return;
  const said = [error, parameters.get('error_description')].filter(Boolean).join(': ');
  throw new VisitError('refused', `The service answered "${said.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)}".`);
}

async function keep(deps: CredentialDeps, at: At, { binding }: StoredOAuth, tokens: Tokens): Promise<void> {
  const { expiresAt, scopes } = tokens;
  const { keyring } = deps;
  const connection = at.name;
  const store = async (tx: db.Tenant): Promise<boolean> => {
    await db.prepareGrant(tx, { connection, binding, state: 'reconnect', error: null });
    const grant = await db.openGrant(tx, { connection, keyring });
    const facts = { expiresAt, scopes, account: null };
    const what = { connection, version: grant?.version ?? 0, binding, tokens, facts, keyring, isNew: true };
    if (!(await db.storeTokens(tx, what))) return false;
    // Triggers have waited for this.
    await db.renewTriggers(tx);
    return true;
  };
  // A renewal of the old tokens that ends at the same moment changes the version.
  for (let tries = 0; tries < 5; tries += 1) {
    if (await db.patiently(() => within(deps, at, store), { limitMs: 30_000 })) return;
  }
  throw new NodeError('oauth.unavailable', 'The tokens could not be stored. Begin again.', { retryable: true });
}

/** @throws VisitError `refused` if the type of the connection has nothing to do with OAuth 2.0 */
export async function oauthOf(deps: CredentialDeps, at: At): Promise<StoredOAuth> {
  const { connection, oauth } = await readStored(deps, at);
  if (oauth) return oauth;
  throw new VisitError(
    'refused',
    `A connection of type ${connection.type} is not connected by a person: store its secret.`,
  );
}
