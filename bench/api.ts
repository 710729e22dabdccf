import type { JsonObject } from '../graph/json.ts';

/** What the API says about a run, or about why there is none. */
interface Answer {
  readonly id?: string;
  readonly status?: string;
  readonly version?: number;
  /** Of a list. */
  readonly items?: readonly { readonly address?: string }[];
}

/** A client of the API. */
export interface Api {
  get(path: string): Promise<Answer>;
  post(path: string, body: JsonObject): Promise<Answer>;
  put(path: string, body: JsonObject): Promise<Answer>;
}

/** A client of the API at this address. */
export function apiAt(url: string): Api {
  const ask = async (path: string, init?: RequestInit) =>
    (await (await fetch(`${url}/api${path}`, init)).json()) as Answer;
  const headers = { 'content-type': 'application/json' };
  const send = (method: string) => (path: string, body: JsonObject) =>
    ask(path, { method, headers, body: JSON.stringify(body) });
  return { get: (path) => ask(path), post: send('POST'), put: send('PUT') };
}

/** Publishes a graph. */
export async function publish(api: Api, graph: JsonObject & { readonly name: string }): Promise<void> {
  const answer = await api.put(`/workflows/${graph.name}`, graph);
  if (!answer.version) throw new Error(`${graph.name} was not published: ${JSON.stringify(answer).slice(0, 500)}`);
}

/** Publishes a graph with a webhook. @returns the address of the webhook */
export async function publishWebhook(api: Api, graph: JsonObject & { readonly name: string }): Promise<string> {
  await publish(api, graph);
  const address = (await api.get(`/workflows/${graph.name}/triggers`)).items?.[0]?.address;
  if (!address) throw new Error(`The webhook of ${graph.name} has no address.`);
  return address;
}
