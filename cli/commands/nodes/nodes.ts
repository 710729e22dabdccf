import type { Command } from 'commander';
import type { NodeFacts, ProviderTriggerFacts } from '../../../graph/catalogue.ts';
import type { BuiltinType } from '../../../graph/node-types/builtin-types.ts';
import { didYouMean } from '../../../graph/problems/nearest.ts';
import type { CliContext } from '../../context.ts';
import type { Declaration } from '../../declare.ts';
import { badInput, EXIT } from '../../errors.ts';
import { nodeTypes } from '../../graph-file.ts';
import { table } from '../../print/table.ts';
import { newNode } from './new.ts';
import { nodeFields, nodeOptions } from './options.ts';
import { testNodes } from './test.ts';

export interface NodesArgs {
  readonly type?: string;
  readonly json: boolean;
}

/**
 * Lists the node types a graph may use, the language's own types first, and the triggers of providers; or shows the
 * parameters of one type.
 */
export async function nodes(ctx: CliContext, args: NodesArgs): Promise<number> {
  const own = await ownTypes();
  const catalogue = await nodeTypes();
  const all = [...catalogue.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
  const triggers = [...(catalogue.triggers?.values() ?? [])];
  const word = own.find(({ type }) => type === args.type);
  if (word) return showOwn(ctx, word, args.json);
  if (args.type !== undefined) return showTypes(ctx, args, { own, all, triggers });
  if (args.json) ctx.out(JSON.stringify([...own, ...all, ...triggers], null, 2));
  else {
    const rows = [
      ...own.map(({ type, kind, description }) => [type, kind, '', description]),
      ...all.map((facts) => [facts.type, facts.effect, typesOf(facts), facts.title]),
      ...triggers.map((facts) => [facts.type, 'trigger', typesOf(facts), facts.title]),
    ];
    for (const line of table(['type', 'effect', 'connection', 'title'], rows)) ctx.out(line);
  }
  return EXIT.ok;
}

/** Shows the node type of a name, and the trigger of that name: there may be both. */
function showTypes(
  ctx: CliContext,
  { type: wanted, json }: NodesArgs,
  known: {
    readonly own: readonly OwnType[];
    readonly all: readonly NodeFacts[];
    readonly triggers: readonly ProviderTriggerFacts[];
  },
): number {
  const isWanted = ({ type }: { readonly type: string }): boolean => type === wanted;
  const nodeTypes = known.all.filter(isWanted);
  const triggers = known.triggers.filter(isWanted);
  const found = [...nodeTypes, ...triggers];
  if (found.length === 0) throw noSuchType(String(wanted), [...known.own, ...known.all, ...known.triggers]);
  if (json) ctx.out(JSON.stringify(found.length === 1 ? found[0] : found, null, 2));
  else {
    const texts = [...nodeTypes.map(describe), ...triggers.map(describeTrigger)];
    for (const line of texts.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))) ctx.out(line);
  }
  return EXIT.ok;
}

/** A node type of the language itself, run by the interpreter. */
interface OwnType extends BuiltinType {
  readonly type: string;
}

async function ownTypes(): Promise<OwnType[]> {
  const { BUILTIN_TYPES } = await import('../../../graph/node-types/builtin-types.ts');
  return [...BUILTIN_TYPES].map(([type, facts]) => ({ type, ...facts }));
}

function showOwn(ctx: CliContext, own: OwnType, json: boolean): number {
  const { type, kind, description, ports, with: schema } = own;
  if (json) ctx.out(JSON.stringify(own, null, 2));
  else {
    ctx.out(`${type}: ${description} (${kind}, a word of the language)`);
    if (ports)
      ctx.out(`ports: ${ports === 'computed' ? 'they follow from its parameters or its body' : ports.join(', ')}`);
    ctx.out('with:');
    for (const line of fields(schema)) ctx.out(line);
    ctx.out('nodes.<id>: see docs/language.md');
  }
  return EXIT.ok;
}

function describeTrigger({ type, title, connection, brings, with: parameters }: ProviderTriggerFacts): string[] {
  return [
    `${type}: ${title} (trigger)`,
    ...connectionLines({ connection }),
    'with:',
    ...fields(parameters),
    'trigger.item:',
    ...fields(brings?.item ?? {}),
  ];
}

type Connected = Pick<NodeFacts, 'connection'> | Pick<ProviderTriggerFacts, 'connection'>;

/** The types of connections that it takes. */
const typesOf = ({ connection }: Connected): string => [connection?.type ?? []].flat().join(', ');

/** Which connection it takes, and what the access of that connection must include. */
function connectionLines({ connection }: Connected): string[] {
  if (!connection) return [];
  const scopes = (connection.scopes ?? []).map((one) => [one].flat().join(' or '));
  return [
    `connection: ${typesOf({ connection })}${connection.required ? '' : ' (optional)'}`,
    ...(scopes.length > 0 ? [`scopes: ${scopes.join(', ')}`] : []),
  ];
}

const noSuchType = (type: string, known: readonly { type: string }[]) =>
  badInput(
    `There is no node type ${type}.${didYouMean(
      type,
      known.map((each) => each.type),
    )}`,
    'npx blok nodes lists them.',
  );

interface Property {
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Property[];
  readonly items?: Property;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
}

function describe(facts: NodeFacts): string[] {
  const { type, connection, ports } = facts;
  return [
    `${type} ${facts.version}: ${facts.title} (${facts.effect})`,
    ...connectionLines({ connection }),
    ...(ports ? [`ports: ${ports.join(', ')}`] : []),
    'with:',
    ...fields(facts.input),
    `nodes.<id>:`,
    ...fields(facts.output),
  ];
}

function fields(schema: NodeFacts['input']): string[] {
  const properties = (schema.properties ?? {}) as Record<string, Property>;
  const required = (schema.required ?? []) as string[];
  const rows = Object.entries(properties).map(([name, property]) => [
    `  ${name}${required.includes(name) ? '' : '?'}`,
    kindOf(property),
    property.description ?? '',
  ]);
  return table([], rows);
}

/** Most allowed values shown. */
const SHOWN = 12;

/** What a parameter may hold: its allowed values if there are few, else its type. */
function kindOf(property: Property): string {
  const { type, enum: values, const: only, anyOf, items } = property;
  if (values) return values.slice(0, SHOWN).map(String).join(' | ') + (values.length > SHOWN ? ' | …' : '');
  if (only !== undefined) return String(only);
  if (anyOf) return [...new Set(anyOf.map(kindOf).filter((kind) => kind !== ''))].join(' | ');
  const types = type === undefined ? '' : [type].flat().join(' / ');
  const inner = types === 'array' && items ? kindOf(items) : '';
  return inner === '' ? types : `array of ${inner}`;
}

/** How the commands about nodes are called. */
export const declareNodes: Declaration = ({ command, does, ctx }) => {
  const list = command('nodes [type]', 'list node types, or show one').action(
    does((type: string | undefined, options) => nodes(ctx, { type, ...options })),
  );
  const folder = ['--in <folder>', 'the folder of your own nodes', ctx.ownNodes ?? 'my-nodes'] as const;
  list
    .command('new <type>')
    .description('write a node of your own, its test and its line: provider.verbNoun')
    .option(...folder)
    .action(does((type: string, options, self: Command) => newNode(ctx, { type, ...options, ...jsonOf(self) })));
  list
    .command('test')
    .description('run the tests of your own nodes')
    .option(...folder)
    .action(does((options) => testNodes(ctx, options)));
  const filledIn = (words: string, description: string) =>
    list
      .command(words)
      .description(description)
      .option('--connection <name>', 'the connection that the node names')
      .option('--with <json>', 'its other parameters: JSON, or @file');
  filledIn('options <type> <parameter>', 'list what the provider offers for a parameter')
    .option('--search <text>', 'only what fits this text')
    .action(
      does((type: string, parameter: string, options, self: Command) =>
        nodeOptions(ctx, { type, parameter, ...options, ...jsonOf(self) }),
      ),
    );
  filledIn('fields <type>', 'show the schema of fields that only the provider knows').action(
    does((type: string, options, self: Command) => nodeFields(ctx, { type, ...options, ...jsonOf(self) })),
  );
};

/** `--json` belongs to the command above, wherever it stands. */
const jsonOf = (self: Command): { json: boolean } => ({ json: self.optsWithGlobals<{ json: boolean }>().json });
