import { type Opened, openNamedConnection } from '../../credentials/open-named.ts';
import { excerptBy, KEEPS_ALL } from '../../credentials/redact.ts';
import type { JsonObject, JsonSchema } from '../../graph/json.ts';
import { connectionFits } from '../../graph/node-types/context.ts';
import { loadChoices, loadFields } from '../../integrations/choices/load.ts';
import type { ChoicePage } from '../../integrations/choices/types.ts';
import { NodeError } from '../../integrations/index.ts';
import { offersOf } from '../../integrations/offers.ts';
import { orRefusal } from '../connections/refusals.ts';
import type { Context } from '../context.ts';
import { hashOf } from '../hash.ts';
import { ApiProblem } from '../http/problem.ts';

/** A node that an author fills in. */
interface FilledIn {
  readonly type: string;
  readonly connection?: string | undefined;
  readonly with?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Loads a page of the choices of a parameter.
 *
 * @throws ApiProblem `nodeType.notFound`, `options.none`, `options.failed`, `connection.*`
 */
export async function findOptions(
  ctx: Context,
  input: FilledIn & { readonly parameter: string; readonly search: string; readonly cursor: string | null },
): Promise<ChoicePage> {
  const { parameter, search, cursor } = input;
  return asked(ctx, input, ['options', parameter, search, cursor], ({ place, offers, given }) =>
    loadChoices(place, offers, parameter, { search, cursor, input: given }),
  );
}

/**
 * Loads the schema of fields that only the provider knows.
 *
 * @throws ApiProblem as `findOptions`
 */
export const findFields = async (ctx: Context, input: FilledIn): Promise<{ schema: JsonSchema }> => ({
  schema: await asked(ctx, input, ['fields'], ({ place, offers, given }) => loadFields(place, offers, given)),
});

type Offers = NonNullable<ReturnType<typeof offersOf>>;
type Place = Parameters<typeof loadChoices>[0];

async function asked<T>(
  ctx: Context,
  input: FilledIn,
  what: readonly unknown[],
  load: (work: { place: Place; offers: Offers; given: Readonly<Record<string, unknown>> }) => Promise<T>,
): Promise<T> {
  const offers = offersOf(input.type);
  if (offers === null)
    throw new ApiProblem('nodeType.notFound', `There is no node type "${input.type}". GET /api/node-types lists them.`);
  const opened = input.connection === undefined ? null : await open(ctx, offers, input.connection);
  const { connection = null, redactor = KEEPS_ALL } = opened ?? {};
  const given = withoutExpressions(input.with ?? {});
  const place: Place = {
    ...{ workspace: ctx.workspace, connection, network: ctx.network },
    // Whoever leaves does not take the choices away from others who wait for them. They end by themselves within seconds.
    signal: new AbortController().signal,
    excerpt: excerptBy(redactor),
  };
  // Another secret may be another account, which sees other things.
  const whose = hashOf({ connection: (connection?.data ?? null) as JsonObject | null });
  const key = [ctx.workspace, input.type, input.connection ?? null, whose, hashOf(given as JsonObject), ...what];
  try {
    return redactor.value(await ctx.choices.get(key, () => load({ place, offers, given })));
  } catch (error) {
    const said = redactor.text(error instanceof Error ? error.message : String(error));
    if (error instanceof NodeError && error.code === 'options.none') throw new ApiProblem('options.none', said);
    // Whatever the code of a provider throws is its failure, and the author can still type the value.
    ctx.log.warn({ node: input.type, said }, 'choices were not loaded');
    throw new ApiProblem('options.failed', `${input.type} did not load its choices: ${said.slice(0, 500)}`);
  }
}

async function open(ctx: Context, offers: Offers, name: string): Promise<Opened> {
  const opened = await orRefusal(() => openNamedConnection(ctx, { workspace: ctx.workspace, name }));
  const { type } = opened.connection;
  if (offers.connection !== null && connectionFits(offers.connection, type)) return opened;
  const wants = offers.connection === null ? 'no connection' : offers.connection.join(' or ');
  throw new ApiProblem('connection.refused', `${offers.type} takes ${wants}; "${name}" is of type ${type}.`);
}

/** What an expression becomes is known only when a run evaluates it. */
const withoutExpressions = (given: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => !JSON.stringify(value)?.includes('${{')));
