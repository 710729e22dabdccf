import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CliContext } from '../../context.ts';

/** Runs the tests of one's own nodes, with Node's own runner. Its exit code is that of the tests. */
export async function testNodes(ctx: CliContext, args: { readonly in: string }): Promise<number> {
  const preload = pathToFileURL(join(ctx.root, 'integrations', 'own-nodes', 'preload.ts')).href;
  return ctx.runNode(['--import', preload, '--test', join(args.in, '**', '*.test.ts')]);
}
