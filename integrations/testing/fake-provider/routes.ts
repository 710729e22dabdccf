import type { FakeClock } from './clock.ts';
import type { Received, Reply } from './message.ts';

/** What a provider does at one route: reads and changes its state, and answers. */
export type Handler<S> = (request: Received, state: S, clock: FakeClock) => Reply | Promise<Reply>;

/** Handlers by method and path: `POST /v1/drafts/:id/send`. `*` at the end takes any path below. */
export type Routes<S> = Readonly<Record<string, Handler<S>>>;

/** The route of a request, and the parts of its path that the route names. */
export function routeOf<S>(
  routes: Routes<S>,
  method: string,
  path: string,
): { route: string; handler: Handler<S>; params: Record<string, string> } | null {
  for (const [route, handler] of Object.entries(routes)) {
    const params = fits(route, method, path);
    if (params) return { route, handler, params };
  }
  return null;
}

/** The parts that a route names, if it fits a request; else null. */
export function fits(route: string, method: string, path: string): Record<string, string> | null {
  const [wanted = '', pattern = ''] = route.split(' ');
  if (wanted !== '*' && wanted !== method) return null;
  const params: Record<string, string> = {};
  const [given, parts] = [path.split('/'), pattern.split('/')];
  for (const [index, part] of parts.entries()) {
    if (part === '*') return params;
    const text = given[index];
    if (text === undefined) return null;
    if (part.startsWith(':') && text !== '') params[part.slice(1)] = decodeURIComponent(text);
    else if (part !== text) return null;
  }
  return given.length === parts.length ? params : null;
}
