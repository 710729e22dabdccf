import type { Client } from '../../client.ts';
import type { Declaration } from '../../declare.ts';
import { printAsked } from '../../print/run.ts';
import type { Run } from '../../wire.ts';

/** A command that asks a run for something, and prints how the run is then. */
function asks(
  name: string,
  about: string,
  {
    ask,
    said,
    takesReason = false,
  }: {
    readonly ask: (client: Client, run: string, reason?: string) => Promise<Run>;
    /** What is printed if the run had not already ended. */
    readonly said: (run: string) => string;
    readonly takesReason?: boolean;
  },
): Declaration {
  return ({ command, does, ctx }) => {
    const declared = command(`${name} <run>`, about);
    if (takesReason) declared.option('--reason <text>', 'why');
    declared.action(
      does(async (run: string, { reason, json }) =>
        printAsked(ctx, await ask(ctx.client, run, reason), json, said(run)),
      ),
    );
  };
}

export const declareCancel = asks('cancel', 'end a run; what it did is undone', {
  ask: (client, run, reason) => client.cancel(run, reason),
  said: () => 'Cancelling.',
  takesReason: true,
});

export const declareTerminate = asks('terminate', 'end a run at once; nothing is undone', {
  ask: (client, run, reason) => client.terminate(run, reason),
  said: () => 'Terminating.',
  takesReason: true,
});

export const declarePause = asks('pause', 'start no further steps', {
  ask: (client, run) => client.pause(run),
  said: (run) => `Go on with: npx blok resume ${run}`,
});

export const declareResume = asks('resume', 'go on after a pause', {
  ask: (client, run) => client.resume(run),
  said: () => 'Going on.',
});
