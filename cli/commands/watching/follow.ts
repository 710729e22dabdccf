import type { CliContext } from '../../context.ts';
import type { Declaration } from '../../declare.ts';
import { EXIT } from '../../errors.ts';

export interface FollowArgs {
  readonly runs: readonly string[];
  readonly topics: string | undefined;
  readonly json: boolean;
}

/** Prints what happens as it happens, until Ctrl-C. */
export async function followLive(ctx: CliContext, { runs, topics, json }: FollowArgs): Promise<number> {
  const wanted = [...runs.map((run) => `run:${run}`), ...(topics === undefined ? [] : [topics])];
  const onLost = () => ctx.err('The connection was lost. It is tried again; nothing is left out.');
  const events = ctx.client.follow(wanted.length > 0 ? wanted.join(',') : 'runs', {
    signal: ctx.interrupted,
    sleep: ctx.sleep,
    onLost,
  });
  for await (const { kind, data } of events) {
    if (json) ctx.out(JSON.stringify({ event: kind, ...data }));
    else if (kind === 'resync') ctx.err('Something was left out: look at the list again.');
    else if (kind !== 'ready') ctx.out(lineOf(kind, data));
  }
  return EXIT.ok;
}

const FIRST = ['run', 'workflow', 'step', 'status'];

function lineOf(kind: string, data: Readonly<Record<string, unknown>>): string {
  const { at, kind: _, ...said } = data;
  const rest = Object.entries(said)
    .filter(([name]) => !FIRST.includes(name))
    .map(([name, value]) => `${name}=${String(value)}`);
  const first = FIRST.map((name) => said[name]).filter((value) => value !== undefined);
  return [String(at), kind.padEnd(18), ...first.map(String), ...rest].join('  ');
}

/** How the command is called. */
export const declareFollow: Declaration = ({ command, does, ctx }) =>
  command('follow [runs...]', 'print what happens as it happens: in all runs, or in some with their steps')
    .option('--topics <topics>', 'what to follow besides: runs, workflows, approvals, separated by commas')
    .action(does((runs: string[], options) => followLive(ctx, { runs, ...options })));
