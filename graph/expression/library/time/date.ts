import { MAX_DATE_PATTERN } from '../../../limits.ts';
import { charge, chargeSince, chargeText } from '../../fuel.ts';
import { toNumber, toText } from '../../values.ts';
import { text } from '../arguments.ts';
import type { Functions, LibraryFunction } from '../types.ts';
import {
  CURRENT,
  datePattern,
  EARLIER,
  type Edition,
  instantOf,
  iso,
  isoIn,
  moment,
  PARTS,
  part,
} from './date-edition.ts';
import { formatDate } from './date-format.ts';
import { readable, readByPattern, readTime } from './date-parse.ts';
import { difference, endOf, shift, startOf, UNITS, unit } from './date-units.ts';
import { span } from './duration.ts';
import { nextAt, onDay } from './time-of-day.ts';
import { offsetAt, zoneAt } from './zone.ts';

type Table = Readonly<Record<string, Omit<LibraryFunction, 'before'>>>;

/** The functions that existed before zones were added, made from what an edition reads and writes. */
const shared = (edition: Edition): Table => ({
  'Date.parse': {
    signature: 'Date.parse(text)',
    summary:
      'Milliseconds since 1970 of a time in ISO 8601 or as in mail, RSS and HTTP; or NaN. Without a zone, the time is UTC.',
    example: ["Date.parse('Wed, 21 Oct 2015 07:28:00 GMT')", 1_445_412_480_000],
    takes: [1, 1],
    run: (fuel, [value]) => {
      charge(fuel, edition.price);
      return edition.parse(toText(value));
    },
  },
  'date.iso': {
    signature: 'date.iso(time, zone?)',
    summary: 'The time as ISO text, in UTC or with the offset of the zone.',
    example: ["date.iso('2026-07-01T12:00:00Z', 'Europe/Berlin')", '2026-07-01T14:00:00.000+02:00'],
    takes: [1, 2],
    kinds: ['time', 'zone'],
    run: (fuel, args) => {
      charge(fuel, edition.price);
      return isoIn(fuel, zoneAt(args, 1), moment(args[0], edition));
    },
  },
  'date.add': {
    signature: 'date.add(time, duration) or date.add(time, count, unit, zone?)',
    summary: `The time that much later (or, with a minus, earlier), as ISO text. Units: ${UNITS.join(', ')}. With a zone, days and longer units keep the time of day there.`,
    example: ["date.add('2026-01-31', 1, 'month')", '2026-02-28T00:00:00.000Z'],
    takes: [2, 4],
    kinds: ['time', undefined, 'unit', 'zone'],
    run: (fuel, args) => {
      const [time, amount, name] = args;
      charge(fuel, edition.price);
      const ms = moment(time, edition);
      if (name === undefined) return iso(ms + Math.trunc(span(amount)));
      return iso(shift(fuel, zoneAt(args, 3), ms, toNumber(fuel, amount), unit(name)));
    },
  },
  'date.diff': {
    signature: "date.diff(from, to, unit = 'milliseconds', zone?)",
    summary: 'How much later `to` is: whole months, quarters and years; other units with a fraction.',
    example: ["date.diff('2026-01-01', '2026-01-02T12:00:00Z', 'days')", 1.5],
    takes: [2, 4],
    kinds: ['time', 'time', 'unit', 'zone'],
    run: (fuel, args) => {
      const [from, to, name] = args;
      charge(fuel, edition.price);
      const plural = name === undefined ? 'milliseconds' : unit(name);
      return difference(fuel, zoneAt(args, 3), moment(from, edition), moment(to, edition), plural);
    },
  },
  'date.startOf': {
    signature: 'date.startOf(time, unit, zone?)',
    summary: 'The first moment of the day, week (from Monday), month … of the time, as ISO text.',
    example: ["date.startOf('2026-02-18T10:00:00Z', 'week')", '2026-02-16T00:00:00.000Z'],
    takes: [2, 3],
    kinds: ['time', 'unit', 'zone'],
    run: (fuel, args) => {
      charge(fuel, edition.price);
      return iso(startOf(fuel, zoneAt(args, 2), moment(args[0], edition), unit(args[1])));
    },
  },
  'date.get': {
    signature: 'date.get(time, part, zone?)',
    summary: `One part of the time: ${CURRENT.parts.join(', ')}. Weekday 1 is Monday; weeks are those of ISO 8601; the offset is in minutes.`,
    example: ["date.get('2026-02-18', 'weekday')", 3],
    takes: [2, 3],
    kinds: ['time', 'part', 'zone'],
    run: (fuel, args) => {
      charge(fuel, edition.price);
      const read = PARTS[part(args[1], edition.parts)];
      const ms = moment(args[0], edition);
      const offset = offsetAt(fuel, zoneAt(args, 2), ms);
      return read?.(ms + offset, offset);
    },
  },
  'date.format': {
    signature: 'date.format(time, pattern, zone?)',
    summary:
      'The time as text, in English: YYYY YY, MMMM MMM MM M, DD D, dddd ddd, HH H, hh h, A a, mm m, ss s, SSS, WW GGGG (ISO week and its year), Z ZZ (offset); [text] stays.',
    example: [
      "date.format('2026-02-18T09:05:00Z', 'ddd D MMM YYYY, HH:mm', 'Europe/Berlin')",
      'Wed 18 Feb 2026, 10:05',
    ],
    takes: [2, 3],
    kinds: ['time', 'datePattern', 'zone'],
    run: (fuel, args) => {
      const pattern = datePattern(args[1]);
      charge(fuel, edition.price);
      // The longest word a token stands for (Wednesday) is at most nine times the token.
      chargeText(fuel, pattern.length * 9);
      const ms = moment(args[0], edition);
      const zone = zoneAt(args, 2);
      const offset = offsetAt(fuel, zone, ms);
      return formatDate(ms + offset, zone === null ? null : offset, pattern, edition.tokens);
    },
  },
});

const earlier = shared(EARLIER);

/** Times. A time is a text or milliseconds since 1970. Without a zone, everything is in UTC. */
export const date: Functions = {
  ...Object.fromEntries(
    Object.entries(shared(CURRENT)).map(([name, entry]) => [name, { ...entry, before: earlier[name]?.run }]),
  ),
  'date.endOf': {
    signature: 'date.endOf(time, unit, zone?)',
    summary: 'The last millisecond of the day, week, month … of the time, as ISO text.',
    example: ["date.endOf('2026-02-18T10:00:00Z', 'month')", '2026-02-28T23:59:59.999Z'],
    takes: [2, 3],
    kinds: ['time', 'unit', 'zone'],
    run: (fuel, args) => {
      charge(fuel, CURRENT.price);
      return iso(endOf(fuel, zoneAt(args, 2), moment(args[0], CURRENT), unit(args[1])));
    },
  },
  'date.parse': {
    signature: 'date.parse(text, pattern = null, zone?)',
    summary:
      'The instant of a written time, as ISO text in UTC, or null if the text is not a time. Without a pattern: ISO 8601, or as in mail, RSS and HTTP. The zone is used if the text has none.',
    example: ["date.parse('29.03.2026 08:00', 'DD.MM.YYYY HH:mm', 'Europe/Berlin')", '2026-03-29T06:00:00.000Z'],
    takes: [1, 3],
    kinds: ['text', 'readablePattern', 'zone'],
    run: (fuel, args) => {
      const [source, given] = args;
      const zone = zoneAt(args, 2);
      charge(fuel, CURRENT.price);
      const written = text(source, 'date.parse');
      if (given === null || given === undefined) return instantOf(fuel, zone, readTime(written));
      const pattern = readable(datePattern(given));
      charge(fuel, pattern.length);
      chargeSince(3, fuel, 2 * pattern.length);
      return instantOf(fuel, zone, readByPattern(written.length > 2 * MAX_DATE_PATTERN ? '' : written.trim(), pattern));
    },
  },
  'date.at': {
    signature: 'date.at(time, clock, zone?)',
    summary: 'That time of day on the day of `time`, as ISO text in UTC.',
    example: ["date.at('2026-07-01T12:00:00Z', '08:00', 'Europe/Berlin')", '2026-07-01T06:00:00.000Z'],
    takes: [2, 3],
    kinds: ['time', 'clock', 'zone'],
    run: (fuel, args) => {
      charge(fuel, CURRENT.price);
      return iso(onDay(fuel, zoneAt(args, 2), moment(args[0], CURRENT), args[1]));
    },
  },
  'date.next': {
    signature: 'date.next(time, clock, zone?)',
    summary: 'The next instant after `time` at which the clock shows that time of day, as ISO text in UTC.',
    example: ["date.next('2026-03-28T12:00:00Z', '08:00', 'Europe/Berlin')", '2026-03-29T06:00:00.000Z'],
    takes: [2, 3],
    kinds: ['time', 'clock', 'zone'],
    run: (fuel, args) => {
      charge(fuel, 2 * CURRENT.price);
      return iso(nextAt(fuel, zoneAt(args, 2), moment(args[0], CURRENT), args[1]));
    },
  },
};
