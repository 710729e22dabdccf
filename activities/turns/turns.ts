import { createExperience } from './experience.ts';
import { type Asker, type Line, nextLongAt, nextTurn, type Places, stepToEnd, type Ticket } from './next-turn.ts';

/** How a step is run. */
export interface TurnOptions {
  /** Aborted when the step is no longer wanted: it leaves the line, or its turn ends. */
  readonly signal: AbortSignal;
  /** The step may be ended and begun again, because it only reads. */
  readonly mayRestart: boolean;
}

/** Turns among steps that need what a worker has little of. */
export interface Turns {
  /**
   * Does work when its turn has come. The work must end soon after its signal is aborted; perhaps it is done again.
   *
   * @throws HandedBack if the turns were closed first; the reason of the signal; what the work throws
   */
  take<T>(asker: Asker, options: TurnOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Gives nobody a turn any more. What has begun goes on. */
  close(): void;
}

/** The turns were closed before the step had its turn. */
export class HandedBack extends Error {
  constructor() {
    super('This worker is stopping. Another one takes the step.');
  }
}

interface Waiting {
  readonly ticket: Ticket;
  readonly begin: (ended: AbortSignal) => void;
  readonly refuse: (reason: unknown) => void;
}

/** A run with steps in line or at their turn, or that had some lately. */
interface RunInLine {
  turns: number;
  /** Its steps in line and at their turn. */
  steps: number;
  /** When its last step left. */
  leftAt: number;
}

/**
 * The turns of a run are forgotten when it has had no step here for so long: a loop that has one step in line at a time does
 * much, too.
 */
const FORGOTTEN_AFTER_MS = 10_000;

/** Turns by the rules of `next-turn.ts`, in one process. */
export function createTurns(places: Places): Turns {
  const running = new Map<Ticket, AbortController>();
  const waiting: Waiting[] = [];
  /** Those without a step here are in the order in which their last one left. */
  const runs = new Map<string, RunInLine>();
  const experience = createExperience(places.longAfterMs);
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const line = (): Line => ({
    ...places,
    now: Date.now(),
    running: [...running.keys()],
    waiting: waiting.map(({ ticket }) => ticket),
    expect: experience.expect,
    turnsOf: (runId) => runs.get(runId)?.turns ?? 0,
  });

  /** Takes a step out of the line. */
  const drop = (ticket: Ticket): Waiting | undefined => {
    const at = waiting.findIndex((entry) => entry.ticket === ticket);
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  };

  /** A step of a run is here from now on. Runs that were here too long ago are forgotten. */
  const enter = (runId: string): void => {
    for (const [other, { steps, leftAt }] of runs) {
      if (steps > 0) continue;
      if (Date.now() - leftAt < FORGOTTEN_AFTER_MS) break;
      runs.delete(other);
    }
    const run = runs.get(runId) ?? { turns: 0, steps: 0, leftAt: 0 };
    run.steps++;
    runs.set(runId, run);
  };

  const leave = (runId: string): void => {
    const run = runs.get(runId)!;
    run.steps--;
    run.leftAt = Date.now();
    if (run.steps > 0) return;
    runs.delete(runId);
    runs.set(runId, run);
  };

  const begin = (ticket: Ticket): void => {
    const controller = new AbortController();
    ticket.beganAt = Date.now();
    running.set(ticket, controller);
    runs.get(ticket.runId)!.turns++;
    drop(ticket)?.begin(controller.signal);
  };

  const advance = (): void => {
    clearTimeout(timer);
    for (let next = nextTurn(line()); next; next = nextTurn(line())) begin(next);
    if (waiting.length === 0) return;
    const surplus = stepToEnd(line());
    if (surplus) running.get(surplus)?.abort();
    const at = nextLongAt(line());
    if (at !== null) timer = setTimeout(advance, at - Date.now() + 1);
  };

  /** @returns a signal that is aborted when the step has to end and ask for another turn */
  const turnOf = async (ticket: Ticket, signal: AbortSignal): Promise<AbortSignal> => {
    signal.throwIfAborted();
    if (closed) throw new HandedBack();
    const turn = Promise.withResolvers<AbortSignal>();
    const leave = (): void => drop(ticket)?.refuse(signal.reason);
    signal.addEventListener('abort', leave);
    waiting.push({ ticket, begin: turn.resolve, refuse: turn.reject });
    advance();
    return turn.promise.finally(() => signal.removeEventListener('abort', leave));
  };

  return {
    take: async (asker, { signal, mayRestart }, work) => {
      const ticket: Ticket = {
        ...asker,
        mayRestart,
        wasEnded: false,
        askedAt: Date.now(),
        beganAt: 0,
      };
      enter(asker.runId);
      try {
        for (;;) {
          const ended = await turnOf(ticket, signal);
          try {
            signal.throwIfAborted();
            return await work(AbortSignal.any([signal, ended]));
          } catch (error) {
            if (signal.aborted || !ended.aborted) throw error;
            ticket.wasEnded = true;
          } finally {
            running.delete(ticket);
            const ms = Date.now() - ticket.beganAt;
            // Work that was no longer wanted might have been short or long.
            if (!signal.aborted || ms >= places.longAfterMs) experience.note(asker, ms);
            advance();
          }
        }
      } finally {
        leave(asker.runId);
      }
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      for (const { refuse } of waiting.splice(0)) refuse(new HandedBack());
    },
  };
}
