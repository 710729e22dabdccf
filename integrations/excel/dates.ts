/** What a number means by the format of its cell. */
export type NumberKind = 'number' | 'date' | 'time' | 'dateTime' | 'duration';

const DAY_MS = 86_400_000;

/** Formats that every workbook has without naming them. The ranges from 27 and 50 are dates of East Asia. */
function kindOfBuiltin(id: number): NumberKind {
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58)) return 'date';
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id === 45 || id === 47) return 'time';
  if (id === 22) return 'dateTime';
  return id === 46 ? 'duration' : 'number';
}

/** What a cell's format says about its number. @param code the format, if the workbook defines it */
export function kindOfFormat(id: number, code: string | undefined): NumberKind {
  if (code === undefined) return kindOfBuiltin(id);
  // Only the first section counts; texts, colours, escaped and filling characters say nothing.
  const [section = ''] = code.replaceAll(/"[^"]*"/g, '').split(';');
  const letters = section.replaceAll(/\\.|_.|\*./g, '').toLowerCase();
  if (/\[(h+|m+|s+)\]/.test(letters)) return 'duration';
  const bare = letters.replaceAll(/\[[^\]]*\]/g, '').replaceAll('general', '');
  const hasTime = /[hs]/.test(bare);
  const hasDate = /[yd]/.test(bare) || (!hasTime && bare.includes('m') && !/[0#?]/.test(bare));
  if (hasDate) return hasTime ? 'dateTime' : 'date';
  return hasTime ? 'time' : 'number';
}

/**
 * A number of Excel as a date, a time or both, in ISO form and without a zone, because a workbook has none. Days count
 * from 1900 (where Excel believes in 29 February 1900) or from 1904. A duration is hours, minutes and seconds.
 */
export function dateOf(serial: number, kind: NumberKind, from1904: boolean): string | number {
  if (kind === 'number' || !Number.isFinite(serial) || serial < 0 || serial >= 2_958_466) return serial;
  if (kind === 'duration') return clock(Math.round(serial * DAY_MS));
  if (kind === 'time' && serial < 1) return clock(Math.round(serial * DAY_MS) % DAY_MS);
  const epoch = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30);
  // A fraction of a day is not exact: 13:30 may be 13:29:59.9999.
  const iso = new Date(epoch + Math.round(serial * DAY_MS)).toISOString().replace(/(\.000)?Z$/, '');
  return kind === 'date' && iso.endsWith('T00:00:00') ? iso.slice(0, 10) : iso;
}

function clock(ms: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const rest = ms % 1000;
  const text = `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}`;
  return rest === 0 ? text : `${text}.${String(rest).padStart(3, '0')}`;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** The number that Excel has for an ISO date or time, and whether it has a time; null if the text is no date. */
export function serialOf(text: string): { serial: number; hasTime: boolean } | null {
  const found = ISO.exec(text);
  if (!found) return null;
  const [year, month, day, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    ...number[],
  ];
  const ms = Date.UTC(year, month - 1, day, hour, minute, second, Number((found[7] ?? '0').padEnd(3, '0').slice(0, 3)));
  // The 31st of June is no date.
  if (new Date(ms).getUTCDate() !== day || new Date(ms).getUTCMonth() !== month - 1 || hour > 23) return null;
  const days = (ms - Date.UTC(1899, 11, 30)) / DAY_MS;
  // Excel has no dates before 1900, and its first two months are off by one.
  return days < 61 ? null : { serial: days, hasTime: found[4] !== undefined };
}
