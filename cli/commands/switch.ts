import type { CliContext } from '../context.ts';
import type { Declaration } from '../declare.ts';
import { badInput, EXIT } from '../errors.ts';
import { printTriggers } from '../print/triggers.ts';

/** Switches a workflow off or on: whether its triggers start runs. Whoever calls it starts one in any case. */
export async function switchWorkflow(
  ctx: CliContext,
  args: { workflow: string; to: string; json: boolean },
): Promise<number> {
  if (args.to !== 'on' && args.to !== 'off')
    throw badInput(
      `A workflow can be switched on or off, not ${args.to}.`,
      `Write \`blok switch ${args.workflow} off\`.`,
    );
  const answer = await ctx.client.switchWorkflow(args.workflow, args.to === 'on');
  if (args.json) {
    ctx.out(JSON.stringify(answer, null, 2));
    return EXIT.ok;
  }
  ctx.out(`✔ ${answer.name} is ${answer.active ? 'on' : 'off'}`);
  if (answer.triggers.length > 0) printTriggers(ctx, answer.triggers);
  return EXIT.ok;
}

/** How the command is called. */
export const declareSwitch: Declaration = ({ command, does, ctx }) =>
  command('switch <workflow> <on|off>', 'switch the triggers of a workflow off or on').action(
    does((workflow: string, to: string, options) => switchWorkflow(ctx, { workflow, to, ...options })),
  );
