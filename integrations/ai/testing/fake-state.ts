/** What a fake provider of models answers next, in no provider's words. */
export interface FakeAnswer {
  readonly text?: string;
  readonly stop?: 'end' | 'length' | 'tools' | 'refusal' | 'filter';
  readonly calls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  /** Sent as it is, instead of an answer. */
  readonly raw?: unknown;
}

/** What a fake provider of models has done. */
export interface FakeState {
  /** What it answers when no other answer is to come. */
  readonly usual: string;
  /** Answers to come. */
  readonly answers: FakeAnswer[];
  /** How many answers it has made, and will charge. */
  made: number;
  /** Answers in the background: how often somebody looked, and the answer. */
  readonly jobs: Map<string, { looks: number; readonly answer: FakeAnswer }>;
  /** Answers in the background that were stopped. */
  readonly stopped: string[];
  /** How often somebody must look before an answer in the background is ready. */
  looksNeeded: number;
}

export const newState = (usual: string) => (): FakeState => ({
  usual,
  answers: [],
  made: 0,
  jobs: new Map(),
  stopped: [],
  looksNeeded: 2,
});

/** Makes the next answer. */
export function nextAnswer(state: FakeState): FakeAnswer {
  state.made += 1;
  return state.answers.shift() ?? { text: state.usual };
}

/** Tokens of every answer: a different number of each kind, so that none can stand for another. */
export const USED = { input: 100, cacheRead: 30, cacheWrite: 7, output: 50, reasoning: 20 } as const;
