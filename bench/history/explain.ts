import { type SQL, sql } from 'drizzle-orm';
import {
  countQuery,
  openDatabase,
  pageQuery,
  planOf,
  type RunFilter,
  type Tenant,
  withWorkspace,
} from '../../db/index.ts';
import { FILTERS } from './lists.ts';

/** A node of a plan, as `explain (format json)` shows it. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  /** How many rows the planner expects. */
  readonly 'Plan Rows': number;
  readonly Plans?: readonly PlanNode[];
}

/** So many rows are sorted in less than a millisecond: those of a filter that few runs fit, read from an index. */
const FEW_ROWS = 2_000;

/** Which lists and counts read a table without an index, or sort what they have read, under row-level security. */
export async function explainLists(databaseUrl: string, workspace: string): Promise<string[]> {
  const database = openDatabase(databaseUrl, { max: 1 });
  try {
    return await withWorkspace(database, workspace, async (tx) => {
      const found: string[] = [];
      const small = await smallTables(tx);
      for (const [name, query] of Object.entries(FILTERS)) {
        const plan = planOf(tx, filterOf(query));
        const place = { startedAt: new Date(Date.now() - 90 * 86_400_000).toISOString(), id: 'r1' };
        const queries = [
          pageQuery(plan, { to: 'older' }, 51),
          pageQuery(plan, { to: 'older', of: place }, 51),
          pageQuery(plan, { to: 'newer', of: place }, 51),
          countQuery(plan),
        ];
        for (const one of queries) found.push(...(await badNodes(tx, one, small)).map((what) => `${name}: ${what}`));
      }
      return [...new Set(found)];
    });
  } finally {
    await database.close();
  }
}

/** Tables of a few rows, such as the partitions of months without runs: to read them whole is the fastest. */
async function smallTables(tx: Tenant): Promise<Set<string>> {
  const { rows } = await tx.db.execute<{ name: string }>(
    sql`select relname as name from pg_class where reltuples < 1000`,
  );
  return new Set(rows.map(({ name }) => name));
}

/** The tables that a node and those below it read. */
const tablesOf = (node: PlanNode): string[] => [
  ...(node['Relation Name'] === undefined ? [] : [node['Relation Name']]),
  ...(node.Plans ?? []).flatMap(tablesOf),
];

const filterOf = (query: string): RunFilter => {
  const { version, retrying, ...rest } = Object.fromEntries(new URLSearchParams(query));
  return { ...rest, ...(version && { version: Number(version) }), ...(retrying && { waits: 'retry' }) } as RunFilter;
};

async function badNodes(tx: Tenant, query: SQL, small: ReadonlySet<string>): Promise<string[]> {
  const { rows } = await tx.db.execute<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(sql`explain (format json) ${query}`);
  const bad: string[] = [];
  const look = (node: PlanNode): void => {
    const type = node['Node Type'];
    const isSmall = tablesOf(node).every((table) => small.has(table));
    const isBad = type === 'Sort' ? node['Plan Rows'] > FEW_ROWS : /^Seq Scan|Bitmap/.test(type);
    if (isBad && !isSmall) bad.push(`${type} ${node['Relation Name'] ?? ''}`.trim());
    for (const below of node.Plans ?? []) look(below);
  };
  look(rows[0]!['QUERY PLAN'][0].Plan);
  return bad;
}
