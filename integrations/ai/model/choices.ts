import type { Choice, LoadChoices } from '../../choices/types.ts';
import { type ModelListContext, WITHOUT_LIMITS } from '../../models/bounded-fetch.ts';

const LIST: Readonly<Record<string, () => Promise<(ctx: ModelListContext) => Promise<Choice[]>>>> = {
  openai: async () => (await import('../../openai/list-models.ts')).listModels,
  anthropic: async () => (await import('../../anthropic/list-models.ts')).listModels,
  gemini: async () => (await import('../../gemini/list-models.ts')).listModels,
};

/** Models of a page. */
const AT_ONCE = 100;

/** The models that the server of a connection offers, as far as their names hold what is searched for. */
export const modelChoices: LoadChoices = async (ctx, { search, cursor }) => {
  const load = LIST[ctx.connection?.type ?? ''];
  if (!load) return { items: [], next: null };
  const list = await load();
  const wanted = search.toLowerCase();
  const found = (await list({ ...ctx, ...WITHOUT_LIMITS }))
    .filter(({ value, label }) => `${value} ${label}`.toLowerCase().includes(wanted))
    .toSorted((a, b) => (a.value < b.value ? -1 : 1));
  const from = Number(cursor ?? 0);
  const end = from + AT_ONCE;
  return { items: found.slice(from, end), next: end < found.length ? String(end) : null };
};
