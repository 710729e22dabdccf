import type { CliContext } from '../context.ts';
import { EXIT } from '../errors.ts';
import type { Trigger } from '../wire.ts';
import { table } from './table.ts';

const MARKS: Readonly<Record<Trigger['state'], string>> = { pending: '…', active: '✔', off: '‖', failed: '✖' };

/** A line for each trigger, and below the list what a line has no room for. */
export function printTriggers(ctx: CliContext, triggers: readonly Trigger[]): void {
  const rows = triggers.map((trigger) => [
    `${MARKS[trigger.state]} ${trigger.workflow}`,
    trigger.id,
    trigger.uses,
    trigger.state,
    trigger.nextTimes[0] ?? '',
    trigger.lastFiredAt ?? '',
    countsOf(trigger),
  ]);
  const header = ['  workflow', 'trigger', 'type', 'state', 'next', 'last fired', 'last 24 hours'];
  for (const line of table(header, rows)) ctx.out(line);
  for (const trigger of triggers) for (const line of detailsOf(trigger)) ctx.out(line);
}

/** What came of a change of one trigger. */
export function printTrigger(ctx: CliContext, trigger: Trigger, json: boolean): number {
  if (json) ctx.out(JSON.stringify(trigger, null, 2));
  else printTriggers(ctx, [trigger]);
  return EXIT.ok;
}

function countsOf({ last24Hours }: Trigger): string {
  const { started, ...others } = last24Hours;
  const parts = [`${started} started`];
  for (const outcome of ['held', 'declined', 'refused', 'duplicate', 'dropped'] as const)
    if (others[outcome] > 0) parts.push(`${others[outcome]} ${outcome}`);
  return parts.join(', ');
}

function detailsOf({ workflow, id, reason, note, lastError, address, deadLetters }: Trigger): string[] {
  const name = `${workflow} ${id}`;
  return [
    address && `  ${name}: ${address}`,
    reason && `  ${name}: ${reason}`,
    note && `  ${name} is off: ${note}`,
    deadLetters > 0 && `  ${name} could not read ${deadLetters} items: blok trigger dead-letters ${name}`,
    lastError && `  ${name}, last error (${lastError.at ?? 'unknown time'}): ${lastError.message}`,
  ].filter((line) => typeof line === 'string');
}
