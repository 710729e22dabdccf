import { setTimeout } from 'node:timers/promises';
import { loadChoices, loadFields } from '../../choices/load.ts';
import type { ChoiceContext } from '../../choices/types.ts';
import type { NodeType } from '../../define.ts';
import { NodeError } from '../../error.ts';
import { guardedFetch } from '../../network/guarded-fetch.ts';
import { refusingNetwork } from '../../network/refusing.ts';
import { hang } from '../fake-provider/faults.ts';
import { fakeProvider } from '../fake-provider/provider.ts';
import { fakeContext } from '../run-node.ts';
import { leadingTo } from './leading.ts';
import { CANARY, shows } from './sample.ts';
import { watchSockets } from './sockets.ts';
import { connectionsOf } from './trial.ts';

/** One thing that a node loads for its author. */
interface Loader {
  readonly what: string;
  /** As the API does it, within limits. */
  readonly load: (place: ChoiceContext) => Promise<unknown>;
  /** The code of the node alone. */
  readonly bare: (ctx: ChoiceContext) => Promise<unknown>;
}

/** How long something may take that nobody waits for any more. */
const PATIENCE_MS = 1_000;

/**
 * What is wrong with how a node loads the choices of its parameters: they go out through the guard only, end by themselves
 * when nobody waits for them, and an error of theirs is one that an author can read.
 */
export async function offersProblems(node: NodeType): Promise<string[]> {
  const problems = new Set<string>();
  for (const connection of connectionsOf(node)) {
    const place = { ...fakeContext({ connection }), connection };
    for (const loader of loadersOf(node))
      for (const problem of [...(await refused(loader, place)), ...(await unanswered(loader, place))])
        problems.add(problem);
  }
  return [...problems];
}

function loadersOf(node: NodeType): Loader[] {
  const input = node.examples[0]?.with as Record<string, unknown>;
  const query = { search: '', cursor: null, input };
  const { options = {}, fields } = node;
  const choices = Object.entries(options).map(
    ([field, bare]): Loader => ({
      what: `The choices of "${field}"`,
      load: (place) => loadChoices(place, node, field, query),
      bare: (ctx) => bare(ctx, query),
    }),
  );
  if (!fields) return choices;
  const ofFields = { what: 'The fields', load: (place: ChoiceContext) => loadFields(place, node, input) };
  return [...choices, { ...ofFields, bare: (ctx) => fields(ctx, input) }];
}

async function refused({ what, load }: Loader, place: ChoiceContext): Promise<string[]> {
  const sockets = watchSockets();
  const outcome = await load({ ...place, network: refusingNetwork() }).then(
    () => null,
    (error: unknown) => error,
  );
  sockets.stop();
  const leaks = sockets.attempts.map((target) => `${what} open a connection past the guard: ${target}.`);
  if (outcome === null) return leaks;
  if (!(outcome instanceof NodeError)) return [...leaks, `${what} fail with what nobody classified: ${outcome}`];
  return [...leaks, ...ofError(what, outcome)];
}

function* ofError(what: string, { code, message, details }: NodeError): Generator<string> {
  if (code === 'options.timeout') yield `${what} do not end.`;
  if (code === 'options.invalid') yield `${what} cannot be shown: ${message}`;
  if (shows(JSON.stringify([message, details]), CANARY)) yield `${what} show a secret of the connection.`;
}

/** A server that never answers, and an author who goes on. */
async function unanswered({ what, bare }: Loader, place: ChoiceContext): Promise<string[]> {
  const provider = await fakeProvider({ state: () => ({}), routes: {} });
  const network = leadingTo(provider.base);
  const { signal, abort } = abortable();
  provider.always('* /*', (turn, request) => {
    abort();
    return hang(turn, request);
  });
  const end = () => true;
  const loading = bare({ ...place, network, signal, fetch: guardedFetch(network, signal) }).then(end, end);
  // What asks no server is ended all the same.
  const ended = await Promise.race([
    loading,
    setTimeout(PATIENCE_MS)
      .then(abort)
      .then(() => setTimeout(PATIENCE_MS, false)),
  ]);
  await network.close();
  await provider.close();
  return ended ? [] : [`${what} go on when nobody waits for them.`];
}

function abortable(): { signal: AbortSignal; abort: () => void } {
  const author = new AbortController();
  return { signal: author.signal, abort: () => author.abort(new NodeError('options.timeout', 'Nobody waits.')) };
}
