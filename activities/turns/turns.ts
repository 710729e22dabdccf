import { createExperience } from './experience.ts';
import {
  type Asker,
  doesMuch,
  type Line,
  nextLongAt,
  nextTurn,
  type Places,
  stepToEnd,
  type Ticket,
} from './next-turn.ts';

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
   * Does work when its turn has come. The work must end soon after its signal is aborted; perhaps it is done again. It is
   * told whether its run does so much that it should leave what it can to others.
   *
   * @throws HandedBack if the turns were closed first; the reason of the signal; what the work throws
   */
  take<T>(asker: Asker, options: TurnOptions, work: (signal: AbortSignal, doesMuch: boolean) => Promise<T>): Promise<T>;
  /** Gives nobody a turn any more. What has begun goes on. */
  close(): void;
}

/** The turns were closed before the step had its turn. */
export class HandedBack extends Error {
  constructor() {
    super('This worker is stopping. Another one takes the step.');
  }
}

interface Turn {
  /** Aborted when the step has to end and ask for another turn. */
  readonly ended: AbortSignal;
  readonly doesMuch: boolean;
}

interface Waiting {
  readonly ticket: Ticket;
  readonly begin: (turn: Turn) => void;
  readonly refuse: (reason: unknown) => void;
}

/** Turns of one run. */
interface Had {
  readonly turns: number;
  readonly lastAt: number;
}

/** The turns of a run are forgotten when it had none for so long: a loop that has one step in line at a time does much, too. */
const FORGOTTEN_AFTER_MS = 10_000;

/** Turns by the rules of `next-turn.ts`, in one process. */
export function createTurns(places: Places): Turns {
  const running = new Map<Ticket, AbortController>();
  const waiting: Waiting[] = [];
  /** By run. Those whose last turn was longest ago come first. */
  const had = new Map<string, Had>();
  const experience = createExperience(places.longAfterMs);
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const line = (): Line => ({
    ...places,
    now: Date.now(),
    running: [...running.keys()],
    waiting: waiting.map(({ ticket }) => ticket),
    expect: experience.expect,
    turnsOf: (runId) => had.get(runId)?.turns ?? 0,
  });

  /** Takes a step out of the line. */
  const drop = (ticket: Ticket): Waiting | undefined => {
    const at = waiting.findIndex((entry) => entry.ticket === ticket);
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  };

  const count = ({ runId, beganAt }: Ticket): void => {
    const { turns } = had.get(runId) ?? { turns: 0 };
    had.delete(runId);
    had.set(runId, { turns: turns + 1, lastAt: beganAt });
    for (const [other, { lastAt }] of had) {
      if (beganAt - lastAt < FORGOTTEN_AFTER_MS) break;
      had.delete(other);
    }
  };

  const begin = (ticket: Ticket): void => {
    const controller = new AbortController();
    ticket.beganAt = Date.now();
    const turn = { ended: controller.signal, doesMuch: doesMuch(line(), ticket) };
    running.set(ticket, controller);
    count(ticket);
    drop(ticket)?.begin(turn);
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

  const turnOf = async (ticket: Ticket, signal: AbortSignal): Promise<Turn> => {
    signal.throwIfAborted();
    if (closed) throw new HandedBack();
    const turn = Promise.withResolvers<Turn>();
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
      for (;;) {
        const { ended, doesMuch } = await turnOf(ticket, signal);
        try {
          signal.throwIfAborted();
          return await work(AbortSignal.any([signal, ended]), doesMuch);
        } catch (error) {
          if (signal.aborted || !ended.aborted) throw error;
          ticket.wasEnded = true;
        } finally {
          running.delete(ticket);
          experience.note(asker, Date.now() - ticket.beganAt);
          advance();
        }
      }
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      for (const { refuse } of waiting.splice(0)) refuse(new HandedBack());
    },
  };
}
