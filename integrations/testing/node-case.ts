import type { z } from 'zod';
import type { NodeType } from '../define.ts';

/** Any node of the catalogue. */
export type AnyNode = NodeType<z.ZodType, z.ZodType>;

/** How a node is tried: for suites that try every node of a kind, so that a node without a case fails them. */
export interface NodeCase<Failing> {
  readonly node: AnyNode;
  /** Parameters with which it succeeds. */
  readonly with: object;
  /** A part of its output. */
  readonly output: object;
  /** Ways of its own to the codes of its table of errors. */
  readonly fails?: Readonly<Record<string, Failing>>;
  /** Codes of its table that are proven elsewhere or cannot happen to it, and why. */
  readonly leftOut?: Readonly<Record<string, string>>;
}

/** What is wrong with a table of cases: nodes without one, codes without a way, and the like. Empty: nothing. */
export function gapsOf<F, C extends NodeCase<F>>(
  cases: readonly C[],
  nodes: readonly AnyNode[],
  common: Readonly<Record<string, F>>,
): string[] {
  const known = new Set(cases.map(({ node }) => node.type));
  const missing = nodes.filter(({ type }) => !known.has(type)).map(({ type }) => `${type} has no case`);
  const gaps = cases.flatMap((one) => {
    const codes = Object.keys(one.node.errors ?? {});
    const ways = { ...one.fails, ...one.leftOut };
    return [
      ...codes
        .filter((code) => !(code in ways) && !(code in common))
        .map((code) => `${one.node.type}: no way to ${code}`),
      ...Object.keys(ways)
        .filter((code) => !codes.includes(code))
        .map((code) => `${one.node.type} never says ${code}`),
    ];
  });
  return [...missing, ...gaps];
}

/** The ways to fail that are to be tried for a case, by code. */
export function waysOf<F>(
  { node, fails = {}, leftOut = {} }: NodeCase<F>,
  common: Readonly<Record<string, F>>,
): [code: string, way: F][] {
  const codes = Object.keys(node.errors ?? {}).filter((code) => !(code in leftOut));
  return codes.map((code) => [code, (fails[code] ?? common[code])!]);
}

/** Whether a code is the one of a table, which may end with `*`. */
export const isCode = (code: string, listed: string): boolean =>
  listed.endsWith('*') ? code.startsWith(listed.slice(0, -1)) : code === listed;
