/**
 * Functions from many-valued choices to true or false, kept as reduced ordered decision diagrams: two functions are
 * equal exactly if they have the same number. After Bryant (1986), with more than two branches per variable.
 */
export type Fn = number;

export const NEVER: Fn = 0;
export const ALWAYS: Fn = 1;

/** Steps of work that are left, shared by all diagrams of one validation. */
export interface Budget {
  left: number;
}

/** Thrown when the budget is used up; never leaves the analysis. */
export class OverBudget extends Error {}

/** A diagram under construction. */
export interface Diagram {
  readonly budget: Budget;
  /** For each function: its first variable, and the function that remains for each value of that variable. */
  readonly variable: number[];
  readonly branches: (readonly Fn[])[];
  readonly unique: Map<string, Fn>;
  readonly done: Map<number, Fn>;
}

const CONSTANT = Number.MAX_SAFE_INTEGER;

export function createDiagram(budget: Budget): Diagram {
  return {
    budget,
    variable: [CONSTANT, CONSTANT],
    branches: [[], []],
    unique: new Map(),
    done: new Map(),
  };
}

/** Makes sure that the budget allows a function with this many values. @throws OverBudget */
export function requireBudget({ budget }: Diagram, values: number): void {
  if (budget.left < values) throw new OverBudget();
}

/** The function that is true for the values of a variable (a place in the order) for which `holds` is. */
export function choice(diagram: Diagram, variable: number, holds: readonly boolean[]): Fn {
  return make(
    diagram,
    variable,
    holds.map((value) => (value ? ALWAYS : NEVER)),
  );
}

export const and = (diagram: Diagram, a: Fn, b: Fn): Fn => apply(diagram, 0, a, b);
export const or = (diagram: Diagram, a: Fn, b: Fn): Fn => apply(diagram, 1, a, b);
/** True where `a` is and `b` is not. */
export const except = (diagram: Diagram, a: Fn, b: Fn): Fn => apply(diagram, 2, a, b);

/** Keys cannot collide, because the budget allows far fewer functions than this. */
const SPAN = 2 ** 24;

function apply(diagram: Diagram, operation: 0 | 1 | 2, a: Fn, b: Fn): Fn {
  const known = trivial(operation, a, b);
  if (known !== null) return known;
  const [first, second] = operation !== 2 && a > b ? [b, a] : [a, b];
  const key = (first * SPAN + second) * 3 + operation;
  const before = diagram.done.get(key);
  if (before !== undefined) return before;
  const variable = Math.min(diagram.variable[first]!, diagram.variable[second]!);
  const width = diagram.branches[diagram.variable[first] === variable ? first : second]!.length;
  const branches: Fn[] = [];
  for (let value = 0; value < width; value += 1) {
    branches.push(
      apply(diagram, operation, rest(diagram, first, variable, value), rest(diagram, second, variable, value)),
    );
  }
  const made = make(diagram, variable, branches);
  diagram.done.set(key, made);
  return made;
}

function trivial(operation: 0 | 1 | 2, a: Fn, b: Fn): Fn | null {
  if (operation === 0)
    return a === NEVER || b === NEVER ? NEVER : a === ALWAYS || a === b ? b : b === ALWAYS ? a : null;
  if (operation === 1)
    return a === ALWAYS || b === ALWAYS ? ALWAYS : a === NEVER || a === b ? b : b === NEVER ? a : null;
  return a === NEVER || b === ALWAYS || a === b ? NEVER : b === NEVER ? a : null;
}

function rest(diagram: Diagram, fn: Fn, variable: number, value: number): Fn {
  return diagram.variable[fn] === variable ? diagram.branches[fn]![value]! : fn;
}

function make(diagram: Diagram, variable: number, branches: readonly Fn[]): Fn {
  diagram.budget.left -= branches.length;
  if (diagram.budget.left < 0) throw new OverBudget();
  if (branches.every((branch) => branch === branches[0])) return branches[0]!;
  const key = `${variable}:${branches.join()}`;
  const known = diagram.unique.get(key);
  if (known !== undefined) return known;
  const made = diagram.variable.length;
  diagram.variable.push(variable);
  diagram.branches.push(branches);
  diagram.unique.set(key, made);
  return made;
}
