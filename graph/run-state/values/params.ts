import type { Template } from '../../expression/types.ts';
import type { PlanNode } from '../../plan/types.ts';
import { StepFailure } from './errors.ts';

/** The template of one parameter of a node, or undefined if it is not given. */
export function param(node: Pick<PlanNode, 'with'>, name: string): Template | undefined {
  return entry(node.with, name);
}

/** The template of one member of an object template. */
export function entry(template: Template | undefined, name: string): Template | undefined {
  if (!template) return undefined;
  if (template[0] === 'o') return template[1].find(([key]) => key === name)?.[1];
  if (template[0] !== 'v') return undefined;
  const value = template[1] as Record<string, unknown> | null;
  return value !== null && typeof value === 'object' && Object.hasOwn(value, name) ? ['v', value[name]] : undefined;
}

/** The templates of a list's elements. */
export function elements(template: Template | undefined): readonly Template[] {
  if (!template) return [];
  if (template[0] === 'l') return template[1];
  return template[0] === 'v' && Array.isArray(template[1]) ? template[1].map((value) => ['v', value]) : [];
}

/** A text that is not empty. @throws StepFailure `input.invalid` */
export function requiredText(given: unknown, field: string): string {
  if (typeof given === 'string' && given !== '') return given;
  throw invalid(field, 'a text is needed', given);
}

/** A text, or null if none is given or it is empty. @throws StepFailure `input.invalid` */
export function optionalText(given: unknown, field: string): string | null {
  if (given === undefined || given === null || given === '') return null;
  return requiredText(given, field);
}

/** A whole number in a range. @throws StepFailure `input.invalid` */
export function wholeNumber(given: unknown, field: string, least = 1, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof given === 'number' && Number.isInteger(given) && given >= least && given <= most) return given;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw invalid(field, `a whole number ${range} is needed`, given);
}

/** @example invalid('with.max', 'a whole number from 1 is needed', 0) */
export function invalid(field: string, needed: string, given: unknown): StepFailure {
  const shown = (JSON.stringify(given ?? null) ?? 'null').slice(0, 100);
  return new StepFailure('input.invalid', `${field}: ${needed}, got ${shown}.`);
}
