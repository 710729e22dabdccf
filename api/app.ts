import { Hono } from 'hono';
import { isOn } from '../telemetry/open.ts';
import { type Context, createContext, type Deps } from './context.ts';
import { healthRoutes } from './health/routes.ts';
import { isHookPath, mountHooks } from './hooks/routes.ts';
import { answerProblem } from './http/errors.ts';
import { nameRequest, refuseForeign, requestLog, securityHeaders } from './http/guard.ts';
import { mount } from './http/mount.ts';
import { ApiProblem } from './http/problem.ts';
import { watchRequests } from './http/watch.ts';
import { routes } from './routes.ts';

const PROBES = healthRoutes.map(({ path }) => path);

/** The API as one fetch handler. Needs no network to be tested: `createApp(deps).request('/api/health/live')`. */
export function createApp(deps: Deps, ctx: Context = createContext(deps)): Hono {
  const app = new Hono();
  app.use(
    nameRequest,
    ...(isOn(deps.telemetry) ? [watchRequests(deps.telemetry)] : []),
    // Within the trace of the request, because the line names it.
    requestLog(deps.log),
    securityHeaders,
    refuseForeign(deps.ownNames, PROBES, isHookPath),
  );
  mountHooks(app, ctx);
  mount(app, ctx, routes);
  app.notFound((c) => {
    const allowed = routes
      .filter((route) => matches(route.path, c.req.path))
      .map((route) => route.method.toUpperCase());
    if (allowed.length === 0)
      return answerProblem(c, deps.log, new ApiProblem('route.notFound', 'GET /api/openapi.json lists all addresses.'));
    c.header('allow', allowed.join(', '));
    return answerProblem(c, deps.log, new ApiProblem('method.notAllowed', `This address takes ${allowed.join(', ')}.`));
  });
  app.onError((error, c) => answerProblem(c, deps.log, error));
  return app;
}

/** Whether an address fits a route's pattern. */
function matches(pattern: string, path: string): boolean {
  const parts = path.split('/');
  const wanted = pattern.split('/');
  return parts.length === wanted.length && wanted.every((part, at) => part.startsWith(':') || part === parts[at]);
}
