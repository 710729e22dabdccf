import { Context } from '@temporalio/activity';
import { EXPIRED } from '../../credentials/index.ts';
import { openNamedConnection } from '../../credentials/open-named.ts';
import { KEEPS_ALL } from '../../credentials/redact.ts';
import {
  getTrigger,
  getVersion,
  noteDeadLetters,
  noteTriggerError,
  resolveVariables,
  withWorkspace,
} from '../../db/index.ts';
import { parseDuration } from '../../graph/duration.ts';
import { StartError, triggerParameters } from '../../graph/start/index.ts';
import type { OpenConnection } from '../../integrations/context.ts';
import type { Polled, TriggerType } from '../../integrations/define-trigger.ts';
import { NodeError } from '../../integrations/error.ts';
import { findConnectionType, findTrigger } from '../../integrations/index.ts';
import { limitsOf } from '../../integrations/rate-limit.ts';
import type { PollAnswer, PollInput } from '../../workflows/activities.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { withinLimit } from '../base/limit.ts';
import { classify } from '../failure.ts';
import { sharedRate } from '../rates/rates.ts';
import { kept } from '../store/stored.ts';
import { listenNoMore, listenUntilNextLook } from './listen.ts';
import { pageOf } from './page.ts';
import { pollContext } from './poll-context.ts';
import { checkedWatch, markOf, type Watched } from './watched.ts';

/** A look takes no longer. */
const LIMIT_MS = 240_000;

/** How long to wait for a person who connects the connection, before it is worth looking whether that was missed. */
const UNTIL_CONNECTED_MS = 86_400_000;

/** How long to wait after a failure that says nothing about how often the author wants to look. */
const UNKNOWN_EVERY_MS = 60_000;

/**
 * Implements `blokPoll`: looks once for what is new, as the version says that declares the trigger now. Whatever is wrong
 * with the trigger or its service is noted beside the trigger and is an answer, not a failure.
 *
 * @throws what may be gone by the next attempt: the database is away
 */
export async function poll(deps: ActivityDeps, input: PollInput): Promise<PollAnswer> {
  const { workspace, workflow, trigger } = input.claim;
  const inside = <T>(fn: Parameters<typeof withWorkspace<T>>[2]) => withWorkspace(deps.database, workspace, fn);
  const row = await inside((tx) => getTrigger(tx, { workflow, id: trigger }));
  if (!row?.enabled || !row.workflowActive) {
    listenNoMore(deps, input.claim);
    return { outcome: row ? 'off' : 'gone' };
  }
  const found = await inside(async (tx) => {
    const version = await getVersion(tx, { name: workflow, version: row.version });
    return (
      version && { ...version, vars: await resolveVariables(tx, { workflow, defaults: version.graph.vars ?? {} }) }
    );
  });
  const declared = found?.graph.triggers?.[trigger];
  if (!found || !declared) return { outcome: 'gone' };
  let everyMs = UNKNOWN_EVERY_MS;
  let redactor = KEEPS_ALL;
  try {
    const type = typeOf(row.uses);
    const watched = checkedWatch(type, triggerParameters(found.graph, trigger, found.vars), declared.connection);
    everyMs = parseDuration(watched.every) ?? everyMs;
    const name = declared.connection;
    const isKeyless = type.connection?.keyless === true;
    const opened = name ? await openNamedConnection(deps, { workspace, name }, { isKeyless }) : null;
    if (opened) redactor = opened.redactor;
    const connection = opened?.connection ?? null;
    return { outcome: 'found', page: await look(deps, input, { type, watched, connection, redactor, everyMs }) };
  } catch (thrown) {
    Context.current().cancellationSignal.throwIfAborted();
    // Hints would make it look again before its pause is over.
    listenNoMore(deps, input.claim);
    const { code, message, retryAfterMs } = classify(
      thrown instanceof StartError ? asNodeError(thrown) : thrown,
      redactor,
    );
    if (code === 'store.unavailable') throw thrown;
    await inside((tx) => noteTriggerError(tx, { workflow, trigger, error: `${code}: ${message}` }));
    // Connecting the connection makes the watch look at once.
    const pauseMs = code === EXPIRED ? UNTIL_CONNECTED_MS : retryAfterMs;
    return { outcome: 'failed', everyMs, ...(pauseMs === undefined ? {} : { retryAfterMs: pauseMs }) };
  }
}

/** What a look works with. */
interface Looking {
  readonly type: TriggerType;
  readonly watched: Watched;
  readonly connection: OpenConnection | null;
  readonly redactor: typeof KEEPS_ALL;
  readonly everyMs: number;
}

async function look(deps: ActivityDeps, input: PollInput, { type, watched, everyMs, ...given }: Looking) {
  const { claim, place, wasOff = false } = input;
  const mark = markOf(type, watched);
  const skipsWhileOff = watched.whileOff === 'skip';
  const isSkipped = wasOff && skipsWhileOff;
  const cursor = place && place.mark === mark && !isSkipped ? await kept(deps, claim.workspace, place.cursor) : null;
  const share = deps.memory.share();
  const { workspace } = claim;
  const limits = limitsOf({ type: type.type }, null, given.connection, connectionTypeOf(given.connection));
  try {
    const polled = await withinLimit({ ms: LIMIT_MS, whole: false }, Context.current().cancellationSignal, (signal) => {
      const rate = sharedRate({ pace: deps.pace, workspace, limits, signal }, 0);
      return type.poll(pollContext(deps, claim, { ...given, signal, share, rate }), {
        with: watched.parameters,
        cursor,
        // What is skipped is skipped whatever the first look took.
        from: isSkipped ? 'now' : watched.from,
      });
    });
    const { connection } = given;
    listenUntilNextLook(deps, claim, { type, watched, connection, everyMs });
    const shown = given.redactor.value(polled) as Polled;
    await noteUnread(deps, claim, shown);
    return {
      ...(await pageOf(deps, claim, shown, mark)),
      ...{ everyMs, skipsWhileOff, ...(type.inOrder && { inOrder: true }) },
    };
  } finally {
    share.release();
  }
}

/** Lists what cannot be read, before the watch goes on behind it. */
async function noteUnread(
  deps: ActivityDeps,
  { workspace, workflow, trigger }: PollInput['claim'],
  { deadLetters = [] }: Polled,
): Promise<void> {
  if (deadLetters.length === 0) return;
  const letters = deadLetters.map(({ key, where, reason }) => ({ key, place: where, reason }));
  await withWorkspace(deps.database, workspace, (tx) => noteDeadLetters(tx, { workflow, trigger, letters }));
}

const connectionTypeOf = (connection: Looking['connection']) =>
  connection ? findConnectionType(connection.type) : undefined;

function typeOf(uses: string): TriggerType {
  const type = findTrigger(uses);
  if (type) return type;
  throw new NodeError('trigger.unknown', `This worker has no trigger ${uses}: a newer worker may have it.`);
}

const asNodeError = ({ code, message }: StartError): NodeError => new NodeError(code, message);
