import type { z } from 'zod';
import { limitFields } from './limit-words.ts';
import type { Graph } from './types.ts';

/** A field that could not be used as it is written and was therefore replaced or left out. */
export interface Loss {
  /** Segments of its path. */
  readonly path: readonly string[];
  /** What the language has there, such as `nodes`, `needs` or `uses`; `recovered` if what was meant is obvious. */
  readonly role: string;
}

/** A graph as far as it can be read: for checks only, never to be saved. */
export interface Draft {
  readonly graph: Graph;
  readonly losses: readonly Loss[];
}

type Segments = readonly (string | number)[];
type Fields = Record<string | number, unknown>;

/**
 * Removes from a value everything that keeps it from having the shape of a graph, so that the checks of meaning can
 * continue with the rest. Each unusable field is left out, or replaced by a field of its kind that no check reports.
 * `issuesOf` finds the unusable fields. Null if some remain even then.
 */
export function draftOf(value: unknown, issuesOf: (value: unknown) => readonly z.core.$ZodIssue[]): Draft | null {
  if (!isFields(value)) return null;
  const graph: Fields = JSON.parse(JSON.stringify(value));
  const losses: Loss[] = [];
  // Replacing a field may uncover an unusable field beneath it that was not checked before.
  for (let round = 0; round < 3; round += 1) {
    const issues = issuesOf(graph);
    if (issues.length === 0) return { graph: graph as unknown as Graph, losses };
    for (const issue of issues) {
      const segments = unitOf(issue.path as Segments);
      const role = roleOf(segments);
      const replaced = replace(graph, segments, role);
      if (replaced !== null) losses.push({ path: segments.map(String), role: replaced });
    }
  }
  return null;
}

/** What is lost with an unusable field: of the limits on runs, all, because half of one says nothing. */
const unitOf = (path: Segments): Segments => (Object.hasOwn(limitFields, String(path[0])) ? path.slice(0, 1) : path);

/** What the language has at a path: the names of maps and fields, without the ids in between. */
function roleOf(segments: Segments): string {
  let role = 'graph';
  for (const segment of segments) role = ROLES[role]?.(String(segment)) ?? String(segment);
  return role;
}

const oneOf =
  (...roles: string[]) =>
  (field: string): string | undefined =>
    roles.find((role) => role === field);

const ROLES: Readonly<Record<string, (field: string) => string | undefined>> = {
  graph: oneOf('nodes', 'triggers'),
  nodes: () => 'node',
  triggers: () => 'trigger',
  node: (field) => (field === 'compensate' || field === 'notify' ? 'inline' : field),
  catch: oneOf('nodes'),
  finally: oneOf('nodes'),
  needs: () => 'link',
};

/** The replacements of fields that cannot be used; a field without an entry here is left out. */
const REPLACEMENTS: Readonly<Record<string, (value: unknown) => unknown>> = {
  blok: () => 1,
  name: () => '',
  nodes: () => ({}),
  triggers: () => ({}),
  catch: () => ({ nodes: {} }),
  finally: () => ({ nodes: {} }),
  // Empty texts are not types, durations or links: such values are reported with the shape, and not again.
  node: () => ({ uses: '' }),
  trigger: () => ({ uses: '' }),
  inline: () => ({ uses: '' }),
  uses: () => '',
  timeout: () => '',
  link: () => '',
  join: () => 'any',
  needs: linksMeant,
};

/** The links that were meant by one text, or a map, in place of a list. */
function linksMeant(value: unknown): string[] {
  if (typeof value === 'string') return value.split(/[\s,]+/).filter((text) => text !== '');
  return isFields(value) ? Object.keys(value) : [];
}

/** Replaces a field or leaves it out. Returns the role of the lost field; null if there is nothing to replace. */
function replace(root: Fields, segments: Segments, role: string): string | null {
  const last = segments.at(-1);
  let parent: unknown = root;
  for (const segment of segments.slice(0, -1)) parent = isContainer(parent) ? parent[segment] : undefined;
  if (last === undefined || !isContainer(parent)) return null;
  const replacement = Object.hasOwn(REPLACEMENTS, role) ? REPLACEMENTS[role] : undefined;
  const before = parent[last];
  if (replacement !== undefined) parent[last] = replacement(before);
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return role === 'needs' && (typeof before === 'string' || isFields(before)) ? 'recovered' : role;
}

const isContainer = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isFields = (value: unknown): value is Fields => isContainer(value) && !Array.isArray(value);
