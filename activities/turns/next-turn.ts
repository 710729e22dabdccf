/** Whose turn is next among steps of unknown length. Pure: `turns.ts` carries the answers out. */

/** Who asks for a turn. */
export interface Asker {
  readonly workspace: string;
  readonly runId: string;
  /** Name of what the step does. Steps of the same name in a workspace are expected to take alike long. */
  readonly work: string;
  /** The run has many steps like this one. What does not mind waiting leaves the processor to others, so it takes long. */
  readonly inCrowd: boolean;
}

/** How long a step is expected to take, from how long its like took before. */
export type Expected = 'short' | 'unknown' | 'long';

/** One step in line, or at its turn. */
export interface Ticket extends Asker {
  /** The step may be ended and begun again, because it only reads. */
  readonly mayRestart: boolean;
  /** The step was ended once, after its turn had become long. */
  wasEnded: boolean;
  /** When it asked. */
  readonly askedAt: number;
  /** When its turn began. */
  beganAt: number;
}

/** How many steps may have their turn. */
export interface Places {
  /** At once. */
  readonly places: number;
  /** How many of them may be long while others wait. */
  readonly longPlaces: number;
  /**
   * How many of them only steps have that are expected to be short, of runs that do little, so that these do not wait until
   * others are known to be long.
   */
  readonly shortPlaces: number;
  /** From then on a turn is long. */
  readonly longAfterMs: number;
}

/** A line at one moment. */
export interface Line extends Places {
  readonly now: number;
  readonly running: readonly Ticket[];
  /** In order of asking. */
  readonly waiting: readonly Ticket[];
  /** How long steps that have not been ended are expected to take. */
  readonly expect: (asker: Asker) => Expected;
  /** How many turns a run has had lately. */
  readonly turnsOf: (runId: string) => number;
}

/** A run that had this many turns lately does much, even if it never has many steps in line at a time. */
const MUCH = 16;

/** A step that has waited for this long goes before short ones, which could otherwise keep it waiting for ever. */
const PATIENCE_MS = 30_000;

/**
 * The step that may begin now. Whoever has the fewest places is next: first the workspace, then the run. Then a step
 * that is expected to be short goes before one of which nothing is known, and then the run with the fewest turns is
 * next. A run takes another place only while more are free than it has, so that a run that comes later finds one. Long
 * steps and all others each have their part of the places, and the last ones are for short steps of runs that do little.
 */
export function nextTurn(line: Line): Ticket | undefined {
  const free = line.places - line.running.length;
  const long = longOnes(line).length;
  const able = line.waiting.filter(
    (ticket) =>
      free > Math.max(placesOf(line, ticket), notFor(line, ticket)) &&
      (!isLong(line, ticket) || long < line.longPlaces),
  );
  const isTurnOfLong = line.running.length - long >= line.places - line.longPlaces;
  const preferred = able.filter((ticket) => isLong(line, ticket) === isTurnOfLong);
  return fairest(line, preferred.length > 0 ? preferred : able);
}

/**
 * The step to end, so that a step that waits can begin, if all places are held and too many of them are long: the
 * youngest long one, because its work is lost. It begins again later, and is not ended a second time.
 */
export function stepToEnd(line: Line): Ticket | undefined {
  const long = longOnes(line);
  if (long.length <= line.longPlaces) return undefined;
  const next = fairest(
    line,
    line.waiting.filter((ticket) => !isLong(line, ticket)),
  );
  if (!next || line.running.length < line.places - notFor(line, next)) return undefined;
  return long
    .filter((ticket) => ticket.mayRestart && !ticket.wasEnded && placesOf(line, ticket) > placesOf(line, next))
    .sort((a, b) => b.beganAt - a.beganAt)[0];
}

/** When the next turn becomes long, or null if none will. */
export function nextLongAt({ running, now, longAfterMs }: Line): number | null {
  const times = running.map(({ beganAt }) => beganAt + longAfterMs).filter((at) => at > now);
  return times.length === 0 ? null : Math.min(...times);
}

const isLong = ({ expect }: Line, ticket: Ticket): boolean =>
  ticket.inCrowd || ticket.wasEnded || expect(ticket) === 'long';

/** How many places a step may not have. */
const notFor = (line: Line, ticket: Ticket): number => {
  const isShort = !isLong(line, ticket) && line.expect(ticket) === 'short';
  return isShort && line.turnsOf(ticket.runId) < MUCH ? 0 : line.shortPlaces;
};

const longOnes = (line: Line): Ticket[] =>
  line.running.filter((ticket) => isLong(line, ticket) || line.now - ticket.beganAt >= line.longAfterMs);

const placesOf = ({ running }: Line, { runId }: Ticket): number =>
  running.filter((ticket) => ticket.runId === runId).length;

const placesOfWorkspace = ({ running }: Line, { workspace }: Ticket): number =>
  running.filter((ticket) => ticket.workspace === workspace).length;

function fairest(line: Line, tickets: readonly Ticket[]): Ticket | undefined {
  const ranked = tickets.map((ticket) => {
    const waits = line.expect(ticket) === 'unknown' && line.now - ticket.askedAt < PATIENCE_MS;
    const rank = [placesOfWorkspace(line, ticket), placesOf(line, ticket), Number(waits), line.turnsOf(ticket.runId)];
    return { ticket, rank };
  });
  const before = (a: readonly number[], b: readonly number[]): number => {
    const at = a.findIndex((value, index) => value !== b[index]);
    return at < 0 ? 0 : a[at]! - b[at]!;
  };
  return ranked.sort((a, b) => before(a.rank, b.rank))[0]?.ticket;
}
