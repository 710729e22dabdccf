import type { Effect, RetryPolicy } from '../catalogue.ts';
import type { Template } from '../expression/types.ts';

/** A compiled, immutable graph version: all the interpreter sees. Compact JSON. `E`: how nodes refer to effects. */
export interface Plan<E = PlanEffect> {
  readonly language: 1;
  readonly name: string;
  readonly label?: string;
  /** SHA-256 of the canonical graph. */
  readonly hash: string;
  readonly body: PlanBody<E>;
  readonly timeoutMs?: number;
  readonly onFailure?: string;
  readonly concurrency?: PlanConcurrency;
  readonly rateLimit?: PlanRateLimit;
  /** Each run is a workflow in Temporal, also one that only computes. */
  readonly durable?: true;
}

/** Limit on the runs of the workflow at a time; runs with equal keys share a limit. */
export interface PlanConcurrency {
  /** Read with `trigger`, `input` and `vars` in scope, before the first step. */
  readonly key?: Template;
  readonly limit: number;
  readonly onLimit: 'queue' | 'drop' | 'cancelOldest';
}

/** Limit on the runs of the workflow that begin within a time; runs with equal keys share a limit. */
export interface PlanRateLimit {
  /** Read with `trigger`, `input` and `vars` in scope, before the first step. */
  readonly key?: Template;
  readonly limit: number;
  readonly perMs: number;
  readonly onLimit: 'queue' | 'drop';
}

/** One body; nodes in (topological index, id) order. */
export interface PlanBody<E = PlanEffect> {
  readonly nodes: readonly PlanNode<E>[];
  readonly output?: Template;
}

/** One link: the index of its source in the body's `nodes`, and the port it leaves by; or `trigger` and an id. */
export type PlanLink = readonly [source: number, port: string] | readonly [source: 'trigger', id: string];

/** One node, with every default filled in. */
export interface PlanNode<E = PlanEffect> {
  readonly id: string;
  readonly uses: string;
  /** The type that the history of runs shows, if the author wrote another one: an agent is a loop. */
  readonly shows?: string;
  readonly label?: string;
  readonly needs: readonly PlanLink[];
  readonly join: 'any' | 'all';
  readonly if?: Template;
  /** Parameters by name; parameters evaluated per element stay templates until the node runs. */
  readonly with?: Template;
  readonly timeoutMs?: number;
  readonly continueOnError?: true;
  /** Ports among `error` and `timeout` that some node of the body needs. */
  readonly handles?: readonly ('error' | 'timeout')[];
  readonly priority?: number;
  readonly effect?: E;
  readonly compensate?: PlanInline<E>;
  readonly notify?: PlanInline<E>;
  /** JSON Pointers into the output of a node without an effect that are read downstream: a large output is stored. */
  readonly inline?: readonly string[];
  readonly body?: PlanBody<E>;
  readonly catch?: PlanBody<E> & { readonly if?: Template };
  readonly finally?: PlanBody<E>;
}

/** What an effect needs beyond its parameters. */
export interface PlanEffect {
  readonly version: string;
  readonly kind: Effect;
  readonly connection?: string;
  readonly retry: RetryPolicy;
  readonly timeoutMs: number;
  readonly dispatch?: 'local';
  /** The step waits while its connection has no access. */
  readonly onExpired?: 'wait';
  /** Queue of its steps; absent: the main queue. */
  readonly queue?: string;
  readonly ports?: readonly string[];
  /** JSON Pointers into its output that are read downstream. */
  readonly inline: readonly string[];
}

/** `compensate` or `notify`. */
export interface PlanInline<E = PlanEffect> {
  readonly uses: string;
  readonly with?: Template;
  readonly effect: E;
}
