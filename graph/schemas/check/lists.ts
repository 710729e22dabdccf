/** Rules for lists. */
import { charge } from '../../expression/fuel.ts';
import { keyOf } from '../../expression/library/key.ts';
import type { Json } from '../../json.ts';
import type { At } from './at.ts';
import { apply, fits, type Machine, misfit, type Ready } from './machine.ts';
import { listOf, type Maker, type Makers, numberOf } from './rule-maker.ts';

const lengthOf =
  (keyword: 'maxItems' | 'minItems', what: string, holds: (length: number, limit: number) => boolean): Maker =>
  (given, _schema, links) => {
    const bound = numberOf(given, keyword, links);
    const message = `must NOT have ${what} than ${bound} items`;
    return (machine, value, at) =>
      !Array.isArray(value) || holds(value.length, bound) || misfit(machine, keyword, at, message);
  };

/** Rules for lists. Lengths are first, so that they protect the others from long lists. */
export const listRules: Makers = {
  maxItems: lengthOf('maxItems', 'more', (length, bound) => length <= bound),
  minItems: lengthOf('minItems', 'fewer', (length, bound) => length >= bound),
  prefixItems: (given, _schema, links) => {
    const schemas = listOf(given, 'prefixItems', links).map((each, index) => links.part(each, 'prefixItems', index));
    return (machine, value, at, seen) => {
      if (!Array.isArray(value)) return true;
      const count = Math.min(schemas.length, value.length);
      if (seen !== null) seen.items = Math.max(seen.items, count);
      for (let index = 0; index < count; index += 1)
        if (!apply(machine, schemas[index]!, value[index]!, { above: at, key: index }, null)) return false;
      return true;
    };
  },
  items: (given, schema, links) => {
    const from = Array.isArray(schema.prefixItems) ? schema.prefixItems.length : 0;
    const each = links.part(given, 'items');
    const closed = given === false ? `must NOT have more than ${from} items` : null;
    return (machine, value, at, seen) => {
      if (!Array.isArray(value)) return true;
      if (closed !== null && value.length > from) return misfit(machine, 'items', at, closed);
      if (seen !== null) seen.items = value.length;
      return allFrom(machine, each, value, from, at);
    };
  },
  contains: (given, schema, links) => {
    const each = links.part(given, 'contains');
    const least = schema.minContains === undefined ? 1 : numberOf(schema.minContains, 'minContains', links);
    const most = schema.maxContains === undefined ? null : numberOf(schema.maxContains, 'maxContains', links);
    const message = `must contain at least ${least}${most === null ? '' : ` and no more than ${most}`} valid item(s)`;
    return (machine, value, at, seen) => {
      if (!Array.isArray(value)) return true;
      let count = 0;
      for (const [index, item] of value.entries()) {
        if (!fits(machine, each, item, { above: at, key: index }, null)) continue;
        count += 1;
        seen?.single.add(index);
        if (seen === null && most === null && count >= least) break;
      }
      return (count >= least && (most === null || count <= most)) || misfit(machine, 'contains', at, message);
    };
  },
  uniqueItems: (given) => (machine, value, at) => {
    if (given !== true || !Array.isArray(value)) return true;
    const first = new Map<string, number>();
    for (const [index, item] of value.entries()) {
      charge(machine.fuel, 6);
      const key = keyOf(machine.fuel, item);
      const earlier = first.get(key);
      if (earlier !== undefined) {
        const which = `(items ## ${earlier} and ${index} are identical)`;
        return misfit(machine, 'uniqueItems', at, `must NOT have duplicate items ${which}`);
      }
      first.set(key, index);
    }
    return true;
  },
};

/** Items that no other schema has spoken of. */
export const restOfList: Makers = {
  unevaluatedItems: (given, _schema, links) => {
    const each = links.part(given, 'unevaluatedItems');
    return (machine, value, at, seen) => {
      if (!Array.isArray(value) || seen === null) return true;
      const { items: from, single } = seen;
      charge(machine.fuel, Math.max(0, value.length - from));
      for (let index = from; index < value.length; index += 1) {
        if (single.has(index)) continue;
        if (given === false) return misfit(machine, 'unevaluatedItems', at, `must NOT have more than ${index} items`);
        if (!apply(machine, each, value[index]!, { above: at, key: index }, null)) return false;
      }
      seen.items = value.length;
      return true;
    };
  },
};

function allFrom(machine: Machine, schema: Ready, list: readonly Json[], from: number, at: At): boolean {
  for (let index = from; index < list.length; index += 1)
    if (!apply(machine, schema, list[index]!, { above: at, key: index }, null)) return false;
  return true;
}
