/** How a schema that is ready is applied to a value. Each step is paid for with fuel before the work is done. */
import { charge } from '../../expression/fuel.ts';
import type { Fuel } from '../../expression/types.ts';
import type { Json } from '../../json.ts';
import { MAX_SCHEMA_DEPTH, MAX_SCHEMA_PROBLEMS } from '../../limits.ts';
import type { At } from './at.ts';
import { TooCostly } from './errors.ts';

/** What the schemas that apply to one value have said about its parts; `unevaluated…` asks for the rest. */
export interface Seen {
  /** Names of properties, or all of them. */
  names: Set<string> | 'all';
  /** How many items from the start. */
  items: number;
  /** Single items further on. */
  readonly single: Set<number>;
}

/** What does not fit. Its path is written only if somebody is told. */
export interface Misfit {
  readonly keyword: string;
  readonly at: At;
  readonly message: string;
}

/** The state of one check. */
export interface Machine {
  readonly fuel: Fuel;
  readonly misfits: Misfit[];
  /** How many schemas are being applied within each other. */
  depth: number;
  /** Where the work is, for the message that it is too much. */
  at: At;
  keyword: string;
}

/** Applies one keyword to a value. Adds what does not fit to the machine's `misfits`. */
export type Rule = (machine: Machine, value: Json, at: At, seen: Seen | null) => boolean;

/** A schema that is ready to be applied. */
export interface Ready {
  /** The rules in the order in which they are applied; the first that does not hold ends the check. */
  readonly rules: { readonly keyword: string; readonly holds: Rule }[];
  /** Schemas that apply to the same value; what they cost together is known before there is a value. */
  readonly inPlace: Ready[];
  /** Where the schema stands in the whole schema. */
  readonly where: At;
  /** Whether `unevaluated…` stands in the schema itself. */
  asksForRest: boolean;
}

/** Whether a value fits a schema. */
export function apply(
  machine: Machine,
  { rules, asksForRest }: Ready,
  value: Json,
  at: At,
  seen: Seen | null,
): boolean {
  charge(machine.fuel, 1 + rules.length);
  if (machine.depth >= MAX_SCHEMA_DEPTH)
    throw new TooCostly(`The value is nested deeper than ${MAX_SCHEMA_DEPTH}.`, at);
  machine.depth += 1;
  const own = asksForRest ? nothingSeen() : seen;
  const holds = rules.every((rule) => {
    machine.at = at;
    machine.keyword = rule.keyword;
    return rule.holds(machine, value, at, own);
  });
  machine.depth -= 1;
  if (holds && own !== seen && own !== null && seen !== null) merge(machine, seen, own);
  return holds;
}

/** Whether a value fits a schema, as a trial: what does not fit is forgotten. */
export function fits(machine: Machine, schema: Ready, value: Json, at: At, seen: Seen | null): boolean {
  const before = machine.misfits.length;
  const holds = branch(machine, schema, value, at, seen);
  machine.misfits.length = before;
  return holds;
}

/** Whether a value fits one of several schemas. A schema that it does not fit has said nothing about its parts. */
export function branch(machine: Machine, schema: Ready, value: Json, at: At, seen: Seen | null): boolean {
  if (seen === null) return apply(machine, schema, value, at, null);
  const own = nothingSeen();
  const holds = apply(machine, schema, value, at, own);
  if (holds) merge(machine, seen, own);
  return holds;
}

export const nothingSeen = (): Seen => ({ names: new Set(), items: 0, single: new Set() });

/** Adds what one schema said to what others said. */
export function merge({ fuel }: Machine, into: Seen, more: Seen): void {
  into.items = Math.max(into.items, more.items);
  charge(fuel, more.single.size + (more.names === 'all' ? 0 : more.names.size));
  for (const index of more.single) into.single.add(index);
  if (more.names === 'all') into.names = 'all';
  else if (into.names !== 'all') for (const name of more.names) into.names.add(name);
}

/** Notes that a value does not fit; always false, so that a rule can return it. */
export function misfit({ misfits }: Machine, keyword: string, at: At, message: string): false {
  if (misfits.length < MAX_SCHEMA_PROBLEMS) misfits.push({ keyword, at, message });
  return false;
}
