import type { NodeFacts } from '../../graph/catalogue.ts';
import type { CliContext } from '../context.ts';
import { badInput, EXIT } from '../errors.ts';
import { nodeTypes } from '../graph-file.ts';
import { table } from '../print/table.ts';

export interface NodesArgs {
  readonly type?: string;
  readonly json: boolean;
}

/** Lists the node types a graph may use, or shows the parameters of one. */
export async function nodes(ctx: CliContext, args: NodesArgs): Promise<number> {
  const all = [...(await nodeTypes()).values()].sort((a, b) => (a.type < b.type ? -1 : 1));
  const chosen = args.type === undefined ? all : all.filter((facts) => facts.type === args.type);
  if (chosen.length === 0) throw badInput(`There is no node type ${args.type}.`, 'npx blok nodes lists them.');
  if (args.json) ctx.out(JSON.stringify(args.type === undefined ? all : chosen[0], null, 2));
  else if (args.type === undefined) {
    const rows = all.map((facts) => [facts.type, facts.effect, facts.connection?.type ?? '', facts.title]);
    for (const line of table(['type', 'effect', 'connection', 'title'], rows)) ctx.out(line);
  } else for (const line of chosen.flatMap(describe)) ctx.out(line);
  return EXIT.ok;
}

interface Property {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
}

function describe(facts: NodeFacts): string[] {
  const { type, connection, ports } = facts;
  return [
    `${type} ${facts.version}: ${facts.title} (${facts.effect})`,
    ...(connection ? [`connection: ${connection.type}${connection.required ? '' : ' (optional)'}`] : []),
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
    property.type === undefined ? '' : [property.type].flat().join(' / '),
    property.description ?? '',
  ]);
  return table([], rows);
}
