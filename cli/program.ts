import { Command, CommanderError } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { declareBudgets } from './commands/ai/budgets.ts';
import { declarePrompts } from './commands/ai/prompts.ts';
import { declareUsage } from './commands/ai/usage.ts';
import { declareApprove } from './commands/approve.ts';
import { declareAsk } from './commands/ask.ts';
import { declareBuild, declareTypes } from './commands/code/build.ts';
import { declareCheckRelease } from './commands/code/check-release.ts';
import { declareConnection } from './commands/connection/index.ts';
import { declareBulk } from './commands/control/bulk.ts';
import { declareCompare } from './commands/control/compare.ts';
import { declareControls } from './commands/control/controls.ts';
import { declareRerun } from './commands/control/rerun.ts';
import { declareStep } from './commands/control/step.ts';
import { declareCancel, declarePause, declareResume, declareTerminate } from './commands/control/whole-run.ts';
import { declareDiff } from './commands/diff.ts';
import { declareEvent } from './commands/event.ts';
import { declareMerge } from './commands/merge.ts';
import { declareMermaid } from './commands/mermaid.ts';
import { declareNodes } from './commands/nodes/nodes.ts';
import { declareQueue } from './commands/queue.ts';
import { declareRun } from './commands/run.ts';
import { declareRuns } from './commands/runs.ts';
import { declareShow } from './commands/show.ts';
import { declareSwitch } from './commands/switch.ts';
import { declareTrigger } from './commands/trigger.ts';
import { declareTriggers } from './commands/triggers.ts';
import { declareValidate } from './commands/validate.ts';
import { declareWallet } from './commands/wallet/index.ts';
import { declareApprovals } from './commands/watching/approvals.ts';
import { declareFollow } from './commands/watching/follow.ts';
import { declareStats } from './commands/watching/stats.ts';
import { declareSystem } from './commands/watching/system.ts';
import { declareDraft } from './commands/workflows/draft.ts';
import { declarePublish } from './commands/workflows/publish.ts';
import { declarePull } from './commands/workflows/pull.ts';
import { declareRollback, declareVersions } from './commands/workflows/versions.ts';
import type { CliContext } from './context.ts';
import { type Declaration, JSON_OPTION } from './declare.ts';
import { badInput, EXIT } from './errors.ts';
import { printFailure } from './print/failure.ts';
import { declareTest } from './tests/command.ts';

/** Every command, in the order in which the help lists them. */
const COMMANDS: readonly Declaration[] = [
  declareValidate,
  declareTest,
  declareRun,
  declarePublish,
  declarePull,
  declareVersions,
  declareRollback,
  declareDraft,
  declareRuns,
  declareShow,
  declareFollow,
  declareStats,
  declareAsk,
  declareCancel,
  declarePause,
  declareResume,
  declareApprovals,
  declareTerminate,
  declareStep,
  declareRerun,
  declareCompare,
  declareBulk,
  declareControls,
  declareApprove,
  declareEvent,
  declareTriggers,
  declareTrigger,
  declareSwitch,
  declareQueue,
  declareNodes,
  declareSystem,
  declareMermaid,
  declareBuild,
  declareTypes,
  declareCheckRelease,
  declareDiff,
  declareMerge,
  declareConnection,
  declarePrompts,
  declareUsage,
  declareBudgets,
  declareWallet,
];

const AFTER = `
Exit codes: 0 succeeded · 1 the run failed, was cancelled, terminated or timed out; a merge has conflicts; a test failed · 2 bad input · 3 no server
The server is found by BLOK_API (default http://127.0.0.1:4400). Manual: docs/cli.md`;

/**
 * Runs one command line (without the program's own name) and returns its exit code. Never throws and never exits.
 */
export async function runCli(ctx: CliContext, argv: readonly string[]): Promise<number> {
  let code: number = EXIT.ok;
  const program = buildProgram(ctx, wantsJson(argv), (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.ok;
      if (!wantsJson(argv)) return EXIT.badInput;
      return printFailure(ctx, badInput(error.message.replace(/^error: /, '')), true, '');
    }
    const file = argv.find((arg) => /\.(ya?ml|json|m?[jt]s)$/.test(arg)) ?? '';
    return printFailure(ctx, error, wantsJson(argv), file);
  }
}

const wantsJson = (argv: readonly string[]) => argv.includes('--json');

function buildProgram(ctx: CliContext, json: boolean, done: (code: number) => void): Command {
  const program = new Command('blok')
    .description('Durable workflows from the command line.')
    .version(manifest.version)
    .addHelpText('after', AFTER);
  program.exitOverride().configureOutput({
    writeOut: (text) => ctx.out(text.trimEnd()),
    // With --json the same is said on standard output.
    writeErr: (text) => json || ctx.err(text.trimEnd()),
  });
  const command = (usage: string, about: string) =>
    program
      .command(usage)
      .description(about)
      .option(...JSON_OPTION);
  const does =
    <A extends unknown[]>(action: (...args: A) => Promise<number>) =>
    async (...args: A) => {
      if (args.includes('')) throw badInput('An argument is empty.', 'Is a variable of the shell not set?');
      done(await action(...args));
    };

  for (const declare of COMMANDS) declare({ ctx, program, command, does });
  return program;
}
