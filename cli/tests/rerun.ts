import type { CliContext } from '../context.ts';
import { CliError, EXIT } from '../errors.ts';
import { printFailure } from '../print/failure.ts';
import { graphOf } from './find.ts';

/** How often the files are looked at. */
const LOOK_EVERY_MS = 300;

/**
 * Runs files of tests, and again whichever has changed, or whose graph has, until Ctrl-C.
 *
 * @returns the exit code of the last run
 */
export async function rerun(
  ctx: CliContext,
  find: () => Promise<string[]>,
  run: (files: readonly string[]) => Promise<number>,
): Promise<number> {
  const seen = new Map<string, string>();
  let code: number = EXIT.ok;
  for (;;) {
    const changed: string[] = [];
    const files = await quietly(ctx, find, []);
    for (const file of files) {
      const state = await stateOf(ctx, file);
      if (seen.get(file) !== state) changed.push(file);
      seen.set(file, state);
    }
    if (changed.length > 0) {
      code = await quietly(ctx, () => run(changed), EXIT.badInput);
      ctx.err('Waiting for changes. Ctrl-C ends this.');
    }
    await ctx.sleep(LOOK_EVERY_MS);
    if (ctx.interrupted.aborted) return code;
  }
}

/** A file that disappears while it is edited must not end the watch. */
async function quietly<T>(ctx: CliContext, work: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    printFailure(ctx, error, false, '');
    return otherwise;
  }
}

/** The texts of a file of tests and of its graph. */
async function stateOf(ctx: CliContext, file: string): Promise<string> {
  const text = await textOf(ctx, file);
  const named = /^graph: *["']?([^"'#\n]+?)["']? *(#.*)?$/m.exec(text)?.[1];
  const graph = await graphOf(ctx, file, named).catch(() => null);
  return `${text}\n${graph === null ? '' : await textOf(ctx, graph)}`;
}

async function textOf(ctx: CliContext, path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await ctx.readFile(path));
  } catch {
    return '';
  }
}
