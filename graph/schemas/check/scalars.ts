/** Rules for numbers and texts. */
import { charge, chargeLook } from '../../expression/fuel.ts';
import { formats } from './formats.ts';
import { misfit } from './machine.ts';
import { matches } from './matches.ts';
import { type Maker, type Makers, numberOf, textOf } from './rule-maker.ts';

const limit =
  (keyword: string, sign: string, holds: (value: number, limit: number) => boolean): Maker =>
  (given, _schema, links) => {
    const bound = numberOf(given, keyword, links);
    const message = `must be ${sign} ${bound}`;
    return (machine, value, at) =>
      typeof value !== 'number' || holds(value, bound) || misfit(machine, keyword, at, message);
  };

/** Rules for numbers. */
export const numberRules: Makers = {
  maximum: limit('maximum', '<=', (value, bound) => value <= bound),
  minimum: limit('minimum', '>=', (value, bound) => value >= bound),
  exclusiveMaximum: limit('exclusiveMaximum', '<', (value, bound) => value < bound),
  exclusiveMinimum: limit('exclusiveMinimum', '>', (value, bound) => value > bound),
  multipleOf: limit('multipleOf', 'multiple of', (value, bound) => Number.isInteger(value / bound)),
};

const lengthOf =
  (keyword: 'maxLength' | 'minLength', what: string, holds: (length: number, limit: number) => boolean): Maker =>
  (given, _schema, links) => {
    const bound = numberOf(given, keyword, links);
    const message = `must NOT have ${what} than ${bound} characters`;
    return (machine, value, at) => {
      if (typeof value !== 'string') return true;
      chargeLook(machine.fuel, value);
      charge(machine.fuel, value.length >> 4);
      return holds(characters(value), bound) || misfit(machine, keyword, at, message);
    };
  };

/** How many characters a text has; a character outside the basic plane takes two units. */
function characters(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index += 1) {
    if ((text.charCodeAt(index) & 0xfc00) !== 0xd800 || (text.charCodeAt(index + 1) & 0xfc00) !== 0xdc00) continue;
    count -= 1;
    index += 1;
  }
  return count;
}

/** Rules for texts. Lengths are first, so that they protect the others from long texts. `format` is for numbers, too. */
export const textRules: Makers = {
  maxLength: lengthOf('maxLength', 'more', (length, bound) => length <= bound),
  minLength: lengthOf('minLength', 'fewer', (length, bound) => length >= bound),
  pattern: (given, _schema, links) => {
    const pattern = links.pattern(textOf(given, 'pattern', links));
    const message = `must match pattern "${pattern}"`;
    return (machine, value, at) =>
      typeof value !== 'string' || matches(machine, pattern, value) || misfit(machine, 'pattern', at, message);
  },
  format: (given, _schema, links) => {
    const name = textOf(given, 'format', links);
    const { text, number } = formats.get(name) ?? {};
    const message = `must match format "${name}"`;
    return (machine, value, at) => {
      if (typeof value === 'number')
        return number === undefined || number(value) || misfit(machine, 'format', at, message);
      if (typeof value !== 'string' || text === undefined) return true;
      charge(machine.fuel, 2 + (value.length >> 1));
      return text(value) || misfit(machine, 'format', at, message);
    };
  },
};
