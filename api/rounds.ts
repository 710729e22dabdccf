/** What the background tasks of a process did last. */
export interface Rounds {
  note(round: Round): void;
  all(): Round[];
}

/** The last round of a background task. */
export interface Round {
  readonly name: string;
  /** When it ended. */
  readonly at: string;
  readonly ms: number;
  /** It did all its work. */
  readonly ok: boolean;
}

export function createRounds(): Rounds {
  const last = new Map<string, Round>();
  return {
    note: (round) => void last.set(round.name, round),
    all: () => [...last.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
