import { HIDDEN } from '../../credentials/index.ts';
import type { Json } from '../../graph/json.ts';
import type { TakenStep } from '../../graph/run-state/index.ts';

/** What somebody should know before the run is repeated: which of its data are not what they were. */
export function notesOf({ input, steps }: { input: Json; steps: Readonly<Record<string, TakenStep>> }): string[] {
  const holders = Object.entries(steps).filter(([, { output }]) => isHiding(output));
  return [
    ...(isHiding(input)
      ? [`The input holds ${HIDDEN}, because a secret was taken out of it. Give another input.`]
      : []),
    ...holders.map(
      ([path]) => `The output of ${path} holds ${HIDDEN}, because a secret was taken out of it, as the run saw it.`,
    ),
  ];
}

const isHiding = (value: Json | undefined): boolean =>
  value !== undefined && (JSON.stringify(value) ?? '').includes(HIDDEN);
