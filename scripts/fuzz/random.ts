/** Random choices that are repeatable with a seed. */
export interface Random {
  /** A whole number from 0 up to, not including, `below`. */
  readonly int: (below: number) => number;
  readonly pick: <Value>(values: readonly Value[]) => Value;
  /** True once in `times`. */
  readonly once: (times: number) => boolean;
}

/**
 * Random choices for case `index` of a run. Each case has its own sequence, so that a case can be repeated alone.
 * Generator: mulberry32 (Tommy Ettinger, public domain).
 */
export function randomOf(seed: number, index: number): Random {
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (below: number) => Math.floor(next() * below);
  return { int, pick: (values) => values[int(values.length)]!, once: (times) => int(times) === 0 };
}
