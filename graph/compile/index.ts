import type { Catalogue } from '../catalogue.ts';
import { graphHash } from '../document/hash.ts';
import type { Graph } from '../document/types.ts';
import { parseDuration } from '../duration.ts';
import type { Plan } from '../plan/types.ts';
import type { Problem } from '../problems/problem.ts';
import { compileBody } from './body.ts';
import { type Compiler, createCompiler, template } from './compiler.ts';
import { expandAgents } from './expand-agents.ts';

/** A plan, or why there is none. */
export type Compiled =
  | { readonly plan: Plan; readonly problems?: undefined }
  | { readonly plan?: undefined; readonly problems: readonly Problem[] };

/**
 * Compiles a graph to the plan the interpreter runs: node types resolved with their versions, expressions parsed,
 * timeouts and retries decided, agents written as the loops that they are, nodes in order. Call `validate` first: `compile` reports only problems that stop it.
 *
 * @example const { plan, problems } = compile(graph, catalogue());
 */
export function compile(graph: Graph, catalogue: Catalogue): Compiled {
  const expanded = expandAgents(graph);
  const compiler = createCompiler(expanded, catalogue);
  const body = compileBody(compiler, expanded, '');
  const limits = compileLimits(compiler, graph);
  if (compiler.problems.length > 0) return { problems: compiler.problems };
  const timeoutMs = graph.timeout === undefined ? null : parseDuration(graph.timeout);
  return {
    plan: {
      language: 1,
      name: graph.name,
      ...(graph.label === undefined ? {} : { label: graph.label }),
      hash: graphHash(graph),
      body,
      ...(timeoutMs === null ? {} : { timeoutMs }),
      ...(graph.onFailure === undefined ? {} : { onFailure: graph.onFailure }),
      ...limits,
      ...(graph.execution === 'durable' ? { durable: true as const } : {}),
    },
  };
}

function compileLimits(compiler: Compiler, graph: Graph): Pick<Plan, 'concurrency' | 'rateLimit'> {
  const { concurrency, rateLimit } = graph;
  const keyOf = (word: 'concurrency' | 'rateLimit') => {
    const key = graph[word]?.key;
    return key === undefined ? {} : { key: template(compiler, key, `/${word}/key`) };
  };
  return {
    ...(concurrency && {
      concurrency: { ...keyOf('concurrency'), limit: concurrency.limit, onLimit: concurrency.onLimit ?? 'queue' },
    }),
    ...(rateLimit && {
      rateLimit: {
        ...keyOf('rateLimit'),
        limit: rateLimit.limit,
        perMs: parseDuration(rateLimit.per) ?? 0,
        onLimit: rateLimit.onLimit ?? 'queue',
      },
    }),
  };
}
