/** Whose turn is next among steps of unknown length. Pure: `turns.ts` carries the answers out. */

/** Who asks for a turn. */
export interface Asker {
  readonly workspace: string;
  readonly runId: string;
}

/** One step in line, or at its turn. */
export interface Ticket extends Asker {
  /** The step may be ended and begun again, because it only reads. */
  readonly mayRestart: boolean;
  /** The step is known to be long, because it was ended once after its turn had become long. */
  long: boolean;
  /** When its turn began. */
  beganAt: number;
}

/** How many steps may have their turn. */
export interface Places {
  /** At once. */
  readonly places: number;
  /** How many of them may be long while others wait. */
  readonly longPlaces: number;
  /** From then on a turn is long. */
  readonly longAfterMs: number;
}

/** A line at one moment. */
export interface Line extends Places {
  readonly now: number;
  readonly running: readonly Ticket[];
  /** In order of asking. */
  readonly waiting: readonly Ticket[];
  /** How many turns a run has had since it joined the line. */
  readonly turnsOf: (runId: string) => number;
}

/**
 * The step that may begin now. Whoever has the fewest places is next: first the workspace, then the run, and then the
 * run that has had the fewest turns. A run takes another place only while more are free than it has, so that a run that
 * comes later finds one. Short steps and long steps each have their part of the places.
 */
export function nextTurn(line: Line): Ticket | undefined {
  const free = line.places - line.running.length;
  const long = longOnes(line).length;
  const able = line.waiting.filter(
    (ticket) => free > placesOf(line, ticket) && (!ticket.long || long < line.longPlaces),
  );
  const isTurnOfLong = line.running.length - long >= line.places - line.longPlaces;
  const preferred = able.filter((ticket) => ticket.long === isTurnOfLong);
  return fairest(line, preferred.length > 0 ? preferred : able);
}

/**
 * The step to end, so that a step that waits can begin, if all places are held and too many of them are long: the
 * youngest long one, because its work is lost. It begins again later, and is not ended a second time.
 */
export function stepToEnd(line: Line): Ticket | undefined {
  const long = longOnes(line);
  if (line.running.length < line.places || long.length <= line.longPlaces) return undefined;
  const next = fairest(
    line,
    line.waiting.filter((ticket) => !ticket.long),
  );
  if (!next) return undefined;
  return long
    .filter((ticket) => ticket.mayRestart && !ticket.long && placesOf(line, ticket) > placesOf(line, next))
    .sort((a, b) => b.beganAt - a.beganAt)[0];
}

/** When the next turn becomes long, or null if none will. */
export function nextLongAt({ running, now, longAfterMs }: Line): number | null {
  const times = running.map(({ beganAt }) => beganAt + longAfterMs).filter((at) => at > now);
  return times.length === 0 ? null : Math.min(...times);
}

const longOnes = ({ running, now, longAfterMs }: Line): Ticket[] =>
  running.filter((ticket) => ticket.long || now - ticket.beganAt >= longAfterMs);

const placesOf = ({ running }: Line, { runId }: Ticket): number =>
  running.filter((ticket) => ticket.runId === runId).length;

const placesOfWorkspace = ({ running }: Line, { workspace }: Ticket): number =>
  running.filter((ticket) => ticket.workspace === workspace).length;

function fairest(line: Line, tickets: readonly Ticket[]): Ticket | undefined {
  const ranked = tickets.map((ticket) => {
    const rank = [placesOfWorkspace(line, ticket), placesOf(line, ticket), line.turnsOf(ticket.runId)];
    return { ticket, rank };
  });
  const before = (a: readonly number[], b: readonly number[]): number => {
    const at = a.findIndex((value, index) => value !== b[index]);
    return at < 0 ? 0 : a[at]! - b[at]!;
  };
  return ranked.sort((a, b) => before(a.rank, b.rank))[0]?.ticket;
}
