import type { Run } from '../state/state.ts';

/** Asks for a timer; operators read its `label`. */
export function setTimer(run: Run, key: string, at: number, label: string): void {
  run.state.timers[key] = at;
  run.commands.push({ do: 'timer', key, at, label });
}

export function clearTimer(run: Run, key: string): void {
  if (!(key in run.state.timers)) return;
  delete run.state.timers[key];
  run.commands.push({ do: 'clearTimer', key });
}
