import { setCurrentDetails } from '@temporalio/workflow';
import { countReady } from '../../graph/sandbox.ts';
import type { Driver } from './base/driver.ts';

/** Most names listed. */
const SHOWN = 10;

/** Describes in Markdown what the run is doing. The Temporal UI shows the text; it costs no event. */
export function describe(driver: Driver): void {
  const { state } = driver.run;
  const busy: string[] = [];
  for (const keys of [driver.effects.keys(), driver.scopes.keys()]) {
    for (const key of keys) {
      if (busy.length > SHOWN) break;
      // A timer of the run itself is nothing that the run does.
      if (key.startsWith('~')) continue;
      busy.push(key);
    }
  }
  const lines = [
    state.paused ? '**paused**' : '**running**',
    ...busy.slice(0, SHOWN).map((key) => `- \`${key}\``),
    ...(busy.length > SHOWN ? ['- …'] : []),
    `${state.ended.length + driver.stepsDone} steps ended, ${countReady(driver.run)} ready`,
  ];
  setCurrentDetails(lines.join('\n'));
}
