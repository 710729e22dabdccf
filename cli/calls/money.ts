import type { Body, Query } from '../../api/client-types.ts';
import { bodyOf, type Send } from '../request.ts';

/** The calls about what models cost, and about prompts. All throw `CliError`. */
export function moneyCalls(send: Send) {
  return {
    usage: (query: Query<'GET /api/usage'>) => bodyOf(send('GET /api/usage', { query })),
    modelCalls: (query: Query<'GET /api/usage/calls'>) => bodyOf(send('GET /api/usage/calls', { query })),
    budgets: () => bodyOf(send('GET /api/budgets')),
    setBudget: (name: string, body: Body<'PUT /api/budgets/:name'>) =>
      bodyOf(send('PUT /api/budgets/:name', { params: { name }, body })),
    deleteBudget: (name: string) => bodyOf(send('DELETE /api/budgets/:name', { params: { name } })),
    workspace: () => bodyOf(send('GET /api/workspace')),
    setTimeZone: (timeZone: string) => bodyOf(send('PATCH /api/workspace', { body: { timeZone } })),
    prompts: (query: Query<'GET /api/prompts'>) => bodyOf(send('GET /api/prompts', { query })),
    prompt: (name: string, version: number | undefined) =>
      bodyOf(send('GET /api/prompts/:name', { params: { name }, query: { version } })),
    promptVersions: (name: string, query: Query<'GET /api/prompts/:name/versions'>) =>
      bodyOf(send('GET /api/prompts/:name/versions', { params: { name }, query })),
    /** Status 201: it is a new version. */
    writePrompt: (name: string, body: Body<'PUT /api/prompts/:name'>) =>
      send('PUT /api/prompts/:name', { params: { name }, body }),
  };
}
