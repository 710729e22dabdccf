import type { Json } from '../graph/json.ts';
import type { Send } from './request.ts';
import type { Budget, ModelCall, Prompt, PromptEntry, PromptVersion, Usage } from './wire.ts';

type Query = Readonly<Record<string, string | number | undefined>>;
type Page<T> = { readonly items: readonly T[]; readonly next: string | null };

/** The calls about what models cost, and about prompts. All throw `CliError`. */
export function moneyCalls(send: Send) {
  const one = encodeURIComponent;
  const call = async <T>(method: string, path: string, options: { query?: Query; body?: unknown } = {}): Promise<T> =>
    (await send<T>(method, path, options)).body;
  return {
    usage: (query: Query) => call<Usage>('GET', '/usage', { query }),
    modelCalls: (query: Query) => call<Page<ModelCall>>('GET', '/usage/calls', { query }),
    budgets: () => call<{ items: readonly Budget[] }>('GET', '/budgets'),
    setBudget: (name: string, budget: object) => call<Budget>('PUT', `/budgets/${one(name)}`, { body: budget }),
    deleteBudget: (name: string) => call<Json>('DELETE', `/budgets/${one(name)}`),
    workspace: () => call<{ name: string; timeZone: string }>('GET', '/workspace'),
    setTimeZone: (timeZone: string) =>
      call<{ name: string; timeZone: string }>('PATCH', '/workspace', { body: { timeZone } }),
    prompts: (query: Query) => call<Page<PromptEntry>>('GET', '/prompts', { query }),
    prompt: (name: string, version: number | undefined) =>
      call<Prompt>('GET', `/prompts/${one(name)}`, { query: { version } }),
    promptVersions: (name: string, query: Query) =>
      call<Page<PromptVersion>>('GET', `/prompts/${one(name)}/versions`, { query }),
    /** Status 201: it is a new version. */
    writePrompt: (name: string, prompt: { document: string; message?: string | undefined }) =>
      send<Prompt>('PUT', `/prompts/${one(name)}`, { body: prompt }),
  };
}
