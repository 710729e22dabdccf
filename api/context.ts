import type { Logger } from 'pino';
import { type Bus, type Followed, hearFollowed } from '../bus/index.ts';
import { type CredentialDeps, type Credentials, createCredentials } from '../credentials/index.ts';
import type { Database, Keyring, Signer, Tenant } from '../db/index.ts';
import { createSigner, knownRuns, type PublishedVersion, withWorkspace } from '../db/index.ts';
import type { Catalogue } from '../graph/catalogue.ts';
import { createLru, type Lru } from '../graph/lru.ts';
import type { SenderOf } from '../guard/sender.ts';
import { type ChoiceCache, createChoiceCache } from '../integrations/choices/cache.ts';
import type { Network } from '../integrations/context.ts';
import type { ConnectionType } from '../integrations/define-connection.ts';
import { countEnd } from '../telemetry/count-end.ts';
import type { Telemetry } from '../telemetry/open.ts';
import type { Throttle } from '../throttle/index.ts';
import { LOCAL_OWNER, type Principal } from './access/principal.ts';
import { type Alarm, createAlarm } from './alarm.ts';
import { type Bodies, createBodies } from './bodies.ts';
import type { Endings } from './endings.ts';
import { createGuesses, type Guesses } from './guesses.ts';
import { createHookRates, type HookRates } from './hook-rates.ts';
import { createShares, type Shares } from './hook-shares.ts';
import { createInlineWriter, type InlineWriter } from './inline-writer.ts';
import { createFeed, type Feed } from './live/feed.ts';
import { createOpenRuns, type OpenRuns } from './open-runs.ts';
import type { Rounds } from './rounds.ts';
import type { Runs } from './runs-port.ts';
import { createTally, type Tally } from './tally.ts';
import { together } from './together.ts';

/** What the API is built from. Everything it reaches is here: no ambient state. */
export interface Deps {
  readonly database: Database;
  readonly runs: Runs;
  readonly keyring: Keyring;
  readonly catalogue: Catalogue;
  readonly findConnectionType: (type: string) => ConnectionType | undefined;
  /** The way out: services are asked for tokens, and connections tried, as nodes would do it. */
  readonly network: Network;
  readonly workspace: string;
  /** Address under which callers reach this server, without a slash at the end. */
  readonly publicUrl: string;
  /** How many runs of the workspace may be open. */
  readonly maxOpenRuns: number;
  /** How many runs may be above a run, each started by the one above. */
  readonly maxDepth: number;
  /** Address of a run in the Temporal UI, or null if no UI is configured. */
  readonly temporalRunUrl: (workflowId: string, temporalRunId: string) => string | null;
  readonly log: Logger;
  /** Where the worker of this process reports the ends of runs; absent if the worker is another process. */
  readonly endings?: Endings;
  /** Hears what other processes tell, such as that a run has answered. */
  readonly bus: Bus;
  /** What operators watch; absent: nothing. */
  readonly telemetry?: Telemetry;
  /** What the background tasks of this process did last; absent: there are none. */
  readonly rounds?: Rounds;
  /** Folder of the installation's data on this machine, if it has one. */
  readonly home?: string;
  /** Limits how often something happens, in all processes together. */
  readonly throttle: Throttle;
  /** Whether Redis answers; absent: there is none. */
  readonly isRedisUp?: () => boolean;
  /** How many requests a second the address of a webhook takes. */
  readonly hookRate: number;
  /** Tells the senders of requests apart. */
  readonly senderOf: SenderOf;
  /** Who sends a request; absent: whoever reaches the server is its owner. */
  readonly principalOf?: (request: Request) => Principal;
  /** Origins under which the server answers; requests to other host names are refused. */
  readonly ownNames: ReadonlySet<string>;
}

/** What every verb takes first. */
export interface Context extends Deps {
  readonly principalOf: (request: Request) => Principal;
  /** Runs queries on rows of the caller's workspace. */
  readonly tenant: <T>(fn: (tx: Tenant) => Promise<T>) => Promise<T>;
  /** Signs the starts of runs. */
  readonly signer: Signer;
  /** Published versions read before: they never change. */
  readonly versions: Lru<PublishedVersion>;
  readonly openRuns: OpenRuns;
  /** Opens connections. */
  readonly credentials: Credentials;
  readonly credentialDeps: CredentialDeps;
  /** Keeps what providers offered authors a moment ago. */
  readonly choices: ChoiceCache;
  /** Slows down whoever tries out secrets. */
  readonly guesses: Guesses;
  readonly hookRates: HookRates;
  /** Keeps the requests of one webhook from delaying those of others. */
  readonly hookShares: Shares;
  /** Bounds what the bodies of all requests hold. */
  readonly bodies: Bodies;
  /** Writes runs that need no Temporal. */
  readonly inlineRuns: InlineWriter;
  /** Whether a run has a row. Those who ask at the same time share a transaction. */
  readonly isKnownRun: (runId: string) => Promise<boolean>;
  /** Counts what became of what reached the triggers. */
  readonly tally: Tally;
  /** Tells those who follow live what changes. */
  readonly feed: Feed;
  /** Who is followed, anywhere. */
  readonly followed: Followed;
  /** Rung when what triggers need outside of Postgres has changed. */
  readonly triggerAlarm: Alarm;
  /** Rung when the run of held firings is due before its time. */
  readonly heldAlarm: Alarm;
}

export function createContext(deps: Deps): Context {
  const tenant: Context['tenant'] = (fn) => withWorkspace(deps.database, deps.workspace, fn);
  const openRuns = createOpenRuns({ max: deps.maxOpenRuns, tenant });
  const tally = createTally({ tenant, log: deps.log });
  const signer = createSigner(deps.keyring);
  const followed = hearFollowed(deps.bus);
  const inlineRuns = createInlineWriter(tenant, (runs) => {
    followed.tell(deps.workspace);
    for (const { record } of runs) countEnd(deps.telemetry, record);
  });
  const isKnownRun = together(
    async (ids: readonly string[]) => {
      const known = await tenant((tx) => knownRuns(tx, { runIds: ids }));
      return ids.map((id) => known.has(id));
    },
    { most: 100 },
  );
  const alarms = { triggerAlarm: createAlarm(), heldAlarm: createAlarm() };
  const guesses = createGuesses(deps.throttle);
  const { database, keyring, network, findConnectionType: findType } = deps;
  const credentialDeps = { database, keyring, network, findType, now: Date.now };
  const opening = { credentialDeps, credentials: createCredentials(credentialDeps) };
  const hookRates = createHookRates(deps.throttle, deps.hookRate);
  const feed = createFeed({ bus: deps.bus, workspace: deps.workspace, tenant, log: deps.log });
  const live = { feed, followed };
  const hooks = { hookRates, hookShares: createShares() };
  const limits = { guesses, ...hooks, bodies: createBodies(), choices: createChoiceCache() };
  const own = { tenant, ...opening, signer, openRuns, inlineRuns, isKnownRun, tally, ...limits, ...live, ...alarms };
  return { principalOf: () => LOCAL_OWNER, ...deps, ...own, versions: createLru(100) };
}
