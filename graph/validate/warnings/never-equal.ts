import { splitUses } from '../../document/names.ts';
import type { Json } from '../../json.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { nodePath } from '../../structure/bodies.ts';
import { treesOf, walkTree } from '../kinds/chains.ts';
import { infer } from '../kinds/infer.ts';
import { canBeEqual, type Known, nameOf, ofConstant } from '../kinds/kinds.ts';
import type { Site } from '../kinds/read.ts';
import type { Subject } from './subject.ts';

const EQUALITY = new Set<unknown>(['==', '!=', '===', '!==']);

/** Finds comparisons of values that can never be equal: different kinds, or a word that the schema does not list. */
export function neverEqual(subject: Subject): Problem[] {
  const problems: Problem[] = [];
  const values = new Map<string, Known>();
  for (const { path, scope, compiled } of subject.expressions) {
    const site: Site = { ...subject, scope, path, trustDefaults: true };
    for (const tree of treesOf(compiled.template)) {
      walkTree(tree, (node) => {
        if (!EQUALITY.has(node[0]) || node.length !== 4) return;
        const [left, right] = [infer(node[2], site), infer(node[3], site)];
        if (left !== null && right !== null && isOdd(left, right))
          problems.push(
            problem('never-equal', path, `This compares ${shown(left)} with ${shown(right)}, which are never equal.`),
          );
      });
    }
    const value =
      compiled.template[0] === 'e' && path.endsWith('/with/value') ? infer(compiled.template[1], site) : null;
    if (value !== null) values.set(path, value);
  }
  return [...problems, ...casesNeverEqual(subject, values)];
}

/** A comparison with null tests the value that arrived, whatever the schema declares. */
const isOdd = (a: Known, b: Known): boolean => !isNull(a) && !isNull(b) && !canBeEqual(a, b);
const isNull = ({ kinds }: Known): boolean => kinds.size === 1 && kinds.has('null');

/** Finds constants of a `switch` that its value never equals. */
function casesNeverEqual({ bodies }: Subject, values: ReadonlyMap<string, Known>): Problem[] {
  const problems: Problem[] = [];
  for (const at of bodies) {
    for (const [id, node] of Object.entries(at.body.nodes)) {
      const path = `${nodePath(at, id)}/with`;
      const value = values.get(`${path}/value`);
      const { cases } = node.with ?? {};
      if (splitUses(node.uses).type !== 'switch' || value === undefined || !Array.isArray(cases)) continue;
      for (const [index, each] of cases.entries()) {
        for (const constant of constantsOf(each)) {
          if (isOdd(value, ofConstant(constant)))
            problems.push(
              problem(
                'never-equal',
                `${path}/cases/${index}/is`,
                `\`value\` is ${shown(value)}, which is never ${shown(ofConstant(constant))}.`,
              ),
            );
        }
      }
    }
  }
  return problems;
}

function constantsOf(each: Json): readonly Json[] {
  if (each === null || typeof each !== 'object' || Array.isArray(each) || each.is === undefined) return [];
  return Array.isArray(each.is) ? each.is : [each.is];
}

function shown(value: Known): string {
  const words = value.words?.filter((word) => word !== null);
  if (words === undefined || words.length === 0 || words.length > 5) return nameOf(value);
  return words.map((word) => `\`${JSON.stringify(word).slice(0, 60)}\``).join(' or ');
}
