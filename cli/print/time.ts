/** A duration for people: `84 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`, `90 d`. */
export function formatElapsed(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const units: [string, number][] = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ];
  const whole = Math.round(seconds);
  const at = units.findIndex(([, size]) => whole >= size);
  const [unit, size] = units[at]!;
  const smaller = units[at + 1];
  const rest = smaller ? Math.floor((whole % size) / smaller[1]) : 0;
  return `${Math.floor(whole / size)} ${unit}${smaller && rest > 0 ? ` ${rest} ${smaller[0]}` : ''}`;
}

/** Time between two ISO times, or up to `now` if there is no end yet; '' without a start. */
export function elapsed(startedAt: string | null | undefined, endedAt: string | null | undefined, now: number): string {
  if (!startedAt) return '';
  return formatElapsed((endedAt ? Date.parse(endedAt) : now) - Date.parse(startedAt));
}
