import type { DiffLine } from '../../graph/diff/index.ts';

const COLOURS = { '+': '32', '-': '31', '~': '33', ' ': '2' } as const;

/** A line of a difference, in the colour of its mark if the terminal shows colours. */
export function coloured({ mark, text }: DiffLine, colours: boolean): string {
  const line = `${mark} ${printable(text)}`;
  return colours ? `\x1b[${COLOURS[mark]}m${line}\x1b[0m` : line;
}

/** A text of somebody's graph must not command the terminal. */
export const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, '�');
