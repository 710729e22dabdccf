import { SIGNAL_HINT, TASK_QUEUE, WATCH_WORKFLOW, type WatchInput, watchWorkflowId } from '../../workflows/contract.ts';
import type { Runs, WatchedTrigger } from '../runs-port.ts';
import { ended } from './errors.ts';
import { call, type TemporalServer } from './server.ts';

/** The workflows that watch for triggers. */
export function watches(server: TemporalServer): Pick<Runs, 'watch' | 'hint' | 'unwatch'> {
  const handle = (trigger: WatchedTrigger) => server.client.workflow.getHandle(watchWorkflowId(trigger));
  return {
    watch: async (claim) => {
      await call(server, () =>
        server.client.workflow.signalWithStart<(input: WatchInput) => Promise<void>, []>(WATCH_WORKFLOW, {
          workflowId: watchWorkflowId(claim),
          taskQueue: TASK_QUEUE,
          args: [{ claim }],
          signal: SIGNAL_HINT,
          signalArgs: [],
        }),
      );
    },
    hint: (trigger) => ended(call(server, () => handle(trigger).signal(SIGNAL_HINT))),
    unwatch: (trigger) =>
      ended(
        call(server, () =>
          handle(trigger)
            .terminate('The trigger is gone.')
            .then(() => undefined),
        ),
      ),
  };
}
