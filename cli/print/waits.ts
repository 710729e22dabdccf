import type { Wait } from '../wire.ts';

/** Waits shorter than this end before anybody could act on them. */
const LONG_WAIT_MS = 10_000;

/** True if a person may want to know about this wait. */
export function isWorthSaying(wait: Wait, now: number): boolean {
  if (wait.kind === 'approval' || wait.kind === 'event' || wait.kind === 'pause') return true;
  return typeof wait.until === 'string' && Date.parse(wait.until) - now > LONG_WAIT_MS;
}

/** What one wait is for, and the command that answers it. */
export function waitLines(runId: string, wait: Wait): string[] {
  const until = wait.until ? `, until ${wait.until}` : '';
  switch (wait.kind) {
    case 'approval': {
      const title = textOf(wait, 'title') ?? textOf(wait, 'label');
      return [
        `◷ ${wait.step} waits for an approval${title ? `: ${title}` : ''}${until}`,
        `    npx blok approve ${runId} ${wait.step}            (or add --reject)`,
      ];
    }
    case 'event': {
      const key = wait.key === null || wait.key === undefined ? '' : ` --key ${quote(wait.key)}`;
      return [
        `◷ ${wait.step} waits for the event ${wait.event}${key && ` with the key ${quote(String(wait.key))}`}${until}`,
        `    npx blok event ${wait.event}${key} --data '{}'`,
      ];
    }
    case 'retry':
      return [
        `◷ ${wait.step} failed (${textOf(wait, 'code') ?? 'it'}) and is tried again at ${wait.until ?? 'a later time'}`,
      ];
    case 'pause':
      return ['◷ the run is paused', `    npx blok resume ${runId}`];
    case 'run':
      return [`◷ ${wait.step} waits for another run${until}`];
    default:
      return [`◷ ${wait.step} waits${until}`];
  }
}

/** Lines for all waits worth saying; several in one block. */
export function allWaitLines(runId: string, waits: readonly Wait[], now: number): string[] {
  return waits.filter((wait) => isWorthSaying(wait, now)).flatMap((wait) => waitLines(runId, wait));
}

function textOf(wait: Wait, field: string): string | undefined {
  const { detail } = wait;
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return undefined;
  return typeof detail[field] === 'string' ? detail[field] : undefined;
}

/** Text as a shell takes it: bare if possible, else in single quotes. */
const quote = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
