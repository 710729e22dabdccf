import { BUILTIN_TRIGGERS, BUILTIN_TYPES, iconOf, KIND_CATEGORIES } from '../../graph/index.ts';
import type { JsonObject } from '../../graph/json.ts';
import { AGENT, AGENT_TURN } from '../../graph/node-types/agent-type.ts';
import { nodeDocs, type Presentation, presentations, triggerDocs } from '../../integrations/describe.ts';
import type { Context } from '../context.ts';

/** Node types that a graph may use, and triggers. */
export interface NodeTypes {
  /** Effects: the node types of providers. */
  readonly items: readonly object[];
  /** Containers, control, wait and data nodes. */
  readonly builtin: readonly object[];
  /** Triggers of providers, and of the language. */
  readonly triggers: readonly object[];
}

/**
 * What there is to build graphs with. `slim`: only what a palette shows, without schemas, examples and docs.
 */
export function listNodeTypes(
  { catalogue }: Pick<Context, 'catalogue'>,
  { slim = false }: { slim?: boolean } = {},
): NodeTypes {
  const shown = presentations();
  // Nobody writes the turns of an agent.
  const written = [...catalogue.values()].filter(({ type }) => type !== AGENT_TURN);
  const items = written.map((facts) => {
    const { input, output, retry, timeoutMs, queue, retires: _, ...rest } = facts;
    const own = {
      ...rest,
      ports: facts.ports ?? ['out'],
      ...partOf(shown.nodes.get(facts.type), slim),
      docs: nodeDocs(facts.type),
    };
    return slim ? own : { ...own, input, output, retry, timeoutMs, ...(queue && { queue }) };
  });
  const triggers = [...(catalogue.triggers?.values() ?? [])].map(
    ({ with: parameters, brings, refuses: _, ...rest }) => {
      const own = { ...rest, ...partOf(shown.triggers.get(rest.type), slim), docs: triggerDocs(rest.type) };
      return slim ? own : { ...own, with: parameters, brings };
    },
  );
  return {
    items: byType(items),
    builtin: byType(builtinTypes(slim)),
    triggers: byType([...triggers, ...ownTriggers(slim)]),
  };
}

const LANGUAGE = 'docs/language.md';

function builtinTypes(slim: boolean) {
  return [...BUILTIN_TYPES].map(([type, { kind, description, with: input, ports = ['out'] }]) => ({
    ...{
      type,
      kind,
      title: type,
      description,
      category: type === AGENT ? 'AI' : KIND_CATEGORIES[kind],
      icon: iconOf(type),
      ports,
      docs: LANGUAGE,
    },
    ...(slim ? {} : { input }),
  }));
}

function ownTriggers(slim: boolean) {
  return [...BUILTIN_TRIGGERS].map(([type, { description, with: parameters, brings = {}, connection }]) => ({
    ...{ type, title: type, description, category: 'Triggers', icon: iconOf(type), docs: LANGUAGE },
    ...(connection && { connection }),
    ...(slim ? {} : { with: parameters, brings }),
  }));
}

function partOf(shown: Presentation | undefined, slim: boolean): JsonObject {
  if (shown === undefined) return { description: '', category: 'Other', icon: 'box' };
  const { description, category, icon, ...docs } = shown;
  return { description, category, icon, ...(slim ? {} : (docs as unknown as JsonObject)) };
}

const byType = <T extends object>(types: readonly T[]): T[] =>
  [...types].sort((a, b) => ((a as { type: string }).type < (b as { type: string }).type ? -1 : 1));
