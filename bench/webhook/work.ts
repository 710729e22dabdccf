/** The work: a webhook with a body of 1 KB, Set nodes in a row, and the answer to the caller. */
import type { Call } from '../beside/load.ts';

/** How many Set nodes stand in a row. */
export type Sets = 1 | 10;

const N = 21;

/** The call of a webhook with so many Set nodes: each adds one to a number. */
export const callOf = (url: string, sets: Sets): Call => ({
  url,
  body: JSON.stringify({ name: 'bench', n: N, text: 'x'.repeat(1_000) }),
  isRight: (status, text) => {
    if (status !== 200) return false;
    const { greeting, n } = JSON.parse(text);
    return greeting === 'Hello, bench' && n === N + sets;
  },
});

/** Something for each Set node. */
export const forEachSet = <T>(sets: Sets, make: (at: number) => T): T[] =>
  Array.from({ length: sets }, (_, at) => make(at));
