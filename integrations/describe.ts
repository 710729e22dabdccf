import { z } from 'zod';
import type { Catalogue, NodeFacts, ProviderTriggerFacts, RetryPolicy } from '../graph/catalogue.ts';
import { parseDuration } from '../graph/duration.ts';
import type { JsonSchema } from '../graph/json.ts';
import { allProviders } from './catalog.ts';
import type { NodeType, Provider } from './define.ts';
import type { ConnectionUse } from './define-connection.ts';
import type { TriggerType } from './define-trigger.ts';
import { withOf } from './watch-parameters.ts';

let cached: { readonly of: readonly Provider[]; readonly catalogue: Catalogue } | undefined;

/**
 * What the language must know about every node type and trigger. The newest major version of a node type is listed under
 * its bare name, an older one under `type@major`. Imports no SDK, so the API and the CLI can use it.
 */
export function catalogue(): Catalogue {
  const providers = allProviders();
  if (cached?.of !== providers) cached = { of: providers, catalogue: catalogueOf(providers) };
  return cached.catalogue;
}

/** The facts of one node type. */
export function describeNode(node: NodeType): NodeFacts {
  return {
    type: node.type,
    version: node.version,
    title: node.title,
    effect: node.effect,
    input: jsonSchema(node.input, 'input'),
    output: jsonSchema(node.output, 'output'),
    ...(node.ports && { ports: node.ports }),
    ...(node.connection && { connection: taken(node.connection) }),
    ...(node.queue && { queue: node.queue }),
    ...(node.schemas && { schemas: node.schemas }),
    ...(node.retires && { retires: node.retires }),
    retry: describeRetry(node),
    timeoutMs: milliseconds(node.timeout, `timeout of ${node.type}`),
  };
}

/** The facts of one trigger. */
export function describeTrigger(trigger: TriggerType): ProviderTriggerFacts {
  return {
    type: trigger.type,
    title: trigger.title,
    description: trigger.description,
    with: jsonSchema(withOf(trigger), 'input'),
    brings: { item: jsonSchema(trigger.item, 'output') },
    ...(trigger.connection && { connection: taken(trigger.connection) }),
    refuses: (parameters) => withOf(trigger).safeParse(parameters).error?.issues ?? [],
  };
}

/** What authors need to know of it. */
const taken = ({ type, required, scopes }: ConnectionUse) => ({ type, required, ...(scopes && { scopes }) });

/** What a screen shows about a node type or trigger, besides its facts. */
export interface Presentation {
  readonly description: string;
  /** Group of a palette. */
  readonly category: string;
  /** Name of an icon of Lucide. */
  readonly icon: string;
  /** Values for `with`, of the newest version. */
  readonly examples: readonly { readonly title: string; readonly with: unknown }[];
  /** Codes it fails with, and their meanings. */
  readonly errors: Readonly<Record<string, string>>;
  /** What else an author must know, as Markdown. */
  readonly notes: string | null;
}

/** What a screen shows about every node type and about every trigger of the catalogue, by type. */
export function presentations(): Readonly<Record<'nodes' | 'triggers', ReadonlyMap<string, Presentation>>> {
  return {
    nodes: presented((provider) => provider.nodes),
    triggers: presented(({ triggers = [] }) => triggers),
  };
}

const presented = (of: (provider: Provider) => readonly (NodeType | TriggerType)[]): Map<string, Presentation> =>
  new Map(
    allProviders().flatMap((provider) =>
      of(provider).map(({ type, description, examples, errors = {}, notes = null }) => {
        const { title, category = title, icon = 'box' } = provider;
        return [type, { description, category, icon, examples, errors, notes }];
      }),
    ),
  );

/** Where a node type is documented, in the project. */
export const nodeDocs = (type: string): string => `docs/nodes/${type}.md`;

/** Where a trigger is documented. A node may have the same name: `solana.price` asks once, and the trigger asks again and again. */
export const triggerDocs = (type: string): string => nodeDocs(catalogue().has(type) ? `${type}.trigger` : type);

/** The major part of a semantic version. */
export const majorOf = (version: string): number => Number(version.split('.')[0]);

/** JSON Schema of a zod schema: of the input (fields with defaults are optional) or the output (they are present). */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

function catalogueOf(providers: readonly Provider[]): Catalogue {
  const triggers = providers.flatMap(({ triggers: own = [] }) => own);
  return Object.assign(new Map(describeAll(providers).map(({ key, facts }) => [key, facts])), {
    triggers: new Map(triggers.map((trigger) => [trigger.type, describeTrigger(trigger)])),
  });
}

function describeAll(providers: readonly Provider[]): { key: string; facts: NodeFacts }[] {
  const nodes = providers.flatMap((provider) => provider.nodes);
  return nodes.map((node) => {
    const newest = Math.max(...nodes.filter(({ type }) => type === node.type).map(({ version }) => majorOf(version)));
    const major = majorOf(node.version);
    return { key: major === newest ? node.type : `${node.type}@${major}`, facts: describeNode(node) };
  });
}

function describeRetry({ type, retry }: NodeType): RetryPolicy {
  return {
    maxAttempts: retry.maxAttempts,
    delayMs: milliseconds(retry.delay, `retry.delay of ${type}`),
    factor: retry.factor,
    maxDelayMs: milliseconds(retry.maxDelay, `retry.maxDelay of ${type}`),
    attemptTimeoutMs: milliseconds(retry.attemptTimeout, `retry.attemptTimeout of ${type}`),
    giveUpOn: retry.giveUpOn ?? [],
  };
}

function milliseconds(text: string, what: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new Error(`${what}: "${text}" is not a duration`);
  return ms;
}
