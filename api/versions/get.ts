import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Reply } from '../http/route.ts';
import { showVersion } from './show.ts';

/** One version of a workflow, as data or as its text. @throws ApiProblem `version.notFound` */
export async function getVersion(
  ctx: Context,
  { name, version, yaml }: { name: string; version: number; yaml: boolean },
): Promise<Reply> {
  const body = await showVersion(ctx, { name, version }).catch((error: unknown) => {
    const isAbsent = error instanceof ApiProblem && error.code === 'workflow.notFound';
    throw isAbsent
      ? new ApiProblem('version.notFound', `${error.message} GET /api/workflows/${name}/versions lists its versions.`)
      : error;
  });
  return yaml ? { status: 200, text: body.text, type: 'application/yaml' } : { status: 200, body };
}
