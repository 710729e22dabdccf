import { playgroundConnections } from '../../embedded/start/connections.ts';
import { compile } from '../../graph/compile/index.ts';
import { parseGraph } from '../../graph/document/parse.ts';
import type { Graph } from '../../graph/document/types.ts';
import { type DryRunOptions, type DryRunOutcome, dryRun } from '../../graph/dry-run/index.ts';
import { newFuel, resolveInPlace, zoneRules } from '../../graph/expression/index.ts';
import type { Json } from '../../graph/json.ts';
import { type EffectCall, type EffectOutcome, scopeFromSlice } from '../../graph/run-state/index.ts';
import type { OpenConnection } from '../../integrations/context.ts';
import { catalogue, findNode, NodeError } from '../../integrations/index.ts';
import { memoryPayments } from '../../integrations/solana/testing/memory-payments.ts';
import { fakeContext } from '../../integrations/testing/run-node.ts';
import { servePlayground } from '../../playground/serve.ts';
import { startPlayChain } from './play-chain.ts';

/** Any time will do, because nothing reads when an effect of a dry run ran. */
const STARTED = '2026-01-01T00:00:00.000Z';

/** Thrown inside a dry run when an effect has no answer yet. */
class NotAnswered extends Error {
  readonly call: EffectCall;
  constructor(call: EffectCall) {
    super(call.path);
    this.call = call;
  }
}

/**
 * Runs graphs without Temporal and without a database, but with the real nodes against a real playground, because the
 * test is about the example, not the platform.
 */
export async function createDryWorld() {
  const playground = await servePlayground({ port: 0, mailPort: 0, file: null });
  const world = playground.url;
  const own = playgroundConnections(playground).map((each): OpenConnection => ({ ...each, hosts: [] }));
  const chain = await startPlayChain();
  const connections = new Map([...own, ...chain.connections].map((each) => [each.name, each]));
  const payments = memoryPayments();
  const { files, blobs } = fakeContext();
  const stores = { files, blobs, kv: new Map<string, Json>() };
  const published = new Map<string, Graph>();
  /** All runs have the same id, but what one has paid, another one has not. */
  let runs = 0;

  async function answer(call: EffectCall): Promise<EffectOutcome> {
    const parameters = parametersOf(call) as Record<string, Json>;
    if (call.uses === 'workflow.run') return runChild(parameters);
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(call, parameters);
      const made = call.attemptsBefore + attempt;
      const last = outcome.ok || !outcome.error.retryable || attempt >= call.attempts;
      if (last) return { ...outcome, meta: { attempt: made, startedAt: STARTED, endedAt: STARTED } };
    }
  }

  async function attemptOnce(call: EffectCall, parameters: Record<string, Json>): Promise<EffectOutcome> {
    if (call.uses.startsWith('kv.')) return { ok: true, output: keep(call.uses, parameters) };
    const node = findNode(call.uses)!;
    const connection = connections.get(call.effect.connection ?? '') ?? null;
    const { files, blobs } = stores;
    const ctx = fakeContext({
      files,
      blobs,
      payments,
      idempotencyKey: `${runs}/${call.path}`,
      step: call.path,
      connection,
    });
    try {
      return { ok: true, output: node.output.parse(await node.run(ctx, node.input.parse(parameters))) };
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      const { code, message, unknown, retryable } = error;
      return { ok: false, error: { code, message, unknown, retryable } };
    }
  }

  function keep(uses: string, { key, value }: Record<string, Json>): Json {
    const previous = stores.kv.get(String(key)) ?? null;
    if (uses === 'kv.get') return { value: previous, version: null };
    stores.kv.set(String(key), value ?? null);
    return { value: value ?? null, previous, version: 1 };
  }

  async function runChild(parameters: Record<string, Json>): Promise<EffectOutcome> {
    const outcome = await run(published.get(String(parameters.workflow))!, { input: parameters.input ?? null });
    if (outcome.status === 'succeeded') return { ok: true, output: outcome.output };
    const { code, message, unknown } = outcome.error!;
    return { ok: false, error: { code, message, unknown, retryable: false } };
  }

  /** A dry run is synchronous, answers are not: the run is restarted with one more answer until none is missing. */
  async function run(graph: Graph, options: Omit<DryRunOptions, 'plan' | 'answer'>): Promise<DryRunOutcome> {
    const compiled = compile(graph, catalogue());
    if (compiled.plan === undefined) throw new Error(compiled.problems.map(({ message }) => message).join('\n'));
    const { plan } = compiled;
    runs += 1;
    const answers = new Map<string, EffectOutcome>();
    for (;;) {
      try {
        return dryRun({
          ...options,
          plan,
          vars: { ...graph.vars, world, ...options.vars },
          answer(call) {
            const known = answers.get(call.id);
            if (known === undefined) throw new NotAnswered(call);
            return known;
          },
        });
      } catch (error) {
        if (!(error instanceof NotAnswered)) throw error;
        answers.set(error.call.id, await answer(error.call));
      }
    }
  }

  return {
    world,
    run,
    publish: (text: string) => {
      const { graph } = parseGraph(text);
      published.set(graph!.name, graph!);
    },
    close: async () => {
      await playground.close();
      await chain.close();
    },
  };
}

/** Parameters of a call; the parameters of a `notify` are resolved where its link is made. */
function parametersOf({ with: given, deferred }: EffectCall): unknown {
  if (!deferred) return given?.value;
  const scope = scopeFromSlice(deferred.scope, { resume: { url: 'http://127.0.0.1:4400/api/resume/token' } });
  return resolveInPlace(deferred.template, scope, newFuel(2_000_000, zoneRules), 'with');
}

export type DryWorld = Awaited<ReturnType<typeof createDryWorld>>;
