import { join } from 'node:path';
import type { CliContext } from '../../context.ts';
import type { Declaration } from '../../declare.ts';

export interface CheckReleaseArgs {
  readonly recent: string;
  readonly most: string;
  readonly recorded: boolean;
  readonly json: boolean;
}

/**
 * Replays the histories of open and recent runs on this build. In a program of its own, because it needs the workflow code
 * and Temporal's worker, which no other command does.
 */
export function checkRelease(ctx: CliContext, { recent, most, recorded, json }: CheckReleaseArgs): Promise<number> {
  const options = [
    '--recent',
    recent,
    '--most',
    most,
    ...(recorded ? ['--recorded'] : []),
    ...(json ? ['--json'] : []),
  ];
  return ctx.runNode([join(ctx.root, 'scripts', 'release', 'main.ts'), ...options]);
}

/** How the command is called. */
export const declareCheckRelease: Declaration = ({ command, does, ctx }) =>
  command('check-release', 'replay the histories of open and recent runs on this build, and say which would break')
    .option('--recent <duration>', 'runs that ended within this time, too', '1d')
    .option('--most <n>', 'at most this many of those', '1000')
    .option('--recorded', 'only the recorded histories of the repository, without Temporal', false)
    .action(does((options) => checkRelease(ctx, options)));
