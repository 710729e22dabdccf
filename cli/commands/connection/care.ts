import type { CliContext } from '../../context.ts';
import { EXIT } from '../../errors.ts';
import { table } from '../../print/table.ts';
import { readFields } from '../../values.ts';

interface CareArgs {
  readonly name: string;
  readonly json: boolean;
}

/** Tries a connection. Exit code 1 if it does not work. */
export async function testConnection(ctx: CliContext, { name, json }: CareArgs): Promise<number> {
  const result = await ctx.client.testConnection(name);
  if (json) ctx.out(JSON.stringify(result, null, 2));
  else if (result.ok) {
    const who = result.account === undefined ? '' : ` as ${result.account}`;
    const scopes = result.scopes?.length ? ` (${result.scopes.join(', ')})` : '';
    ctx.out(`✔ ${name} works${who}${scopes}`);
  } else ctx.err(`✖ ${name}: ${result.message}`);
  return result.ok ? EXIT.ok : EXIT.failed;
}

/** Lists which nodes and triggers use a connection. */
export async function connectionUses(ctx: CliContext, { name, json }: CareArgs): Promise<number> {
  const { items, complete } = await ctx.client.connectionUses(name);
  if (json) ctx.out(JSON.stringify(items, null, 2));
  else if (items.length === 0) ctx.err(`No published workflow uses ${name}.`);
  else {
    const rows = items.map(({ workflow, version, kind, id, uses }) => [workflow, String(version), kind, id, uses]);
    for (const line of table(['workflow', 'version', 'kind', 'id', 'uses'], rows)) ctx.out(line);
  }
  if (!complete) ctx.err('There are more.');
  return EXIT.ok;
}

/** Ends the access of a connection. */
export async function revokeConnection(ctx: CliContext, { name, json }: CareArgs): Promise<number> {
  const { atService, message } = await ctx.client.revoke(name);
  if (json) ctx.out(JSON.stringify({ atService, message }, null, 2));
  else {
    ctx.out(`✔ ${name} has no access any more`);
    if (!atService) ctx.err(`Its tokens may still be valid at the service: ${message ?? ''} End them there.`);
  }
  return EXIT.ok;
}

/** Replaces secrets of a connection. Nothing prints them again. */
export async function rotateConnection(
  ctx: CliContext,
  { name, data, json }: CareArgs & { readonly data: string },
): Promise<number> {
  const saved = await ctx.client.rotateConnection(name, await readFields(ctx, '--data', data));
  if (json) ctx.out(JSON.stringify(saved, null, 2));
  else ctx.out(`✔ ${saved.name} (${saved.type}) has its new secrets`);
  return EXIT.ok;
}
