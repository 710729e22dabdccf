import type { JsonObject } from '../graph/json.ts';

/** What the API says about a run, or about why there is none. */
interface Answer {
  readonly id?: string;
  readonly status?: string;
}

/** A client of the API. */
export interface Api {
  get(path: string): Promise<Answer>;
  post(path: string, body: JsonObject): Promise<Answer>;
}

/** A client of the API at this address. */
export function apiAt(url: string): Api {
  const ask = async (path: string, init?: RequestInit) =>
    (await (await fetch(`${url}/api${path}`, init)).json()) as Answer;
  const headers = { 'content-type': 'application/json' };
  return {
    get: (path) => ask(path),
    post: (path, body) => ask(path, { method: 'POST', headers, body: JSON.stringify(body) }),
  };
}
