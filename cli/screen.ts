import type { Screen } from './context.ts';

/** The part of a terminal stream that drawing needs. */
interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Draws over its own earlier lines. Lines are cut to the terminal's width, and their number to its height. */
export function createScreen(terminal: Terminal): Screen {
  let drawn = 0;
  return {
    draw(lines) {
      // A terminal that does not know its size says 0.
      const width = terminal.columns || 80;
      const height = Math.max(2, (terminal.rows || 24) - 1);
      const left = lines.length - height;
      const shown = left > 0 ? [...lines.slice(0, height - 1), `… ${left + 1} more lines`] : lines;
      const text = shown.map((line) => `${[...line].slice(0, width - 1).join('')}\n`).join('');
      // Move up over what was drawn, then clear to the end of the screen.
      terminal.write(`${drawn > 0 ? `\x1b[${drawn}A` : ''}\x1b[0J${text}`);
      drawn = shown.length;
    },
  };
}
