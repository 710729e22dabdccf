import type { Catalogue } from '../catalogue.ts';
import { compile } from '../compile/index.ts';
import { locate } from '../document/parse.ts';
import type { Source } from '../document/source.ts';
import type { Graph } from '../document/types.ts';
import { PinError } from '../dry-run/index.ts';
import type { Problem } from '../problems/problem.ts';
import { checkSuite } from './check.ts';
import { differences } from './compare.ts';
import { type Playable, playCase, TooMuch } from './play.ts';
import type { Case, CaseResult, Difference, Setting, Suite } from './types.ts';

/** A suite and the graph it is about. */
export interface SuiteSubject {
  readonly suite: Suite;
  readonly source?: Source;
  /** Valid: `validate` has found no error. */
  readonly graph: Graph;
  readonly catalogue: Catalogue;
}

/** The results of a suite; or the problems that keep it from being run. */
export type SuiteResult =
  | { readonly results: readonly CaseResult[]; readonly problems?: undefined }
  | { readonly results?: undefined; readonly problems: readonly Problem[] };

/**
 * Runs the cases of a suite, one after the other, without a server and without effects.
 *
 * @param wanted which cases run, by name; all if not given
 */
export function runSuite(subject: SuiteSubject, wanted: (name: string) => boolean = () => true): SuiteResult {
  const { suite, source, graph, catalogue } = subject;
  const problems = locate(checkSuite(suite, graph), source);
  if (problems.length > 0) return { problems };
  const compiled = compile(graph, catalogue);
  if (compiled.plan === undefined) return { problems: compiled.problems };
  const playable = { graph, plan: compiled.plan, catalogue };
  const results = suite.cases.flatMap((one, index) => {
    if (!wanted(one.name)) return [];
    const found = differencesOf(playable, withDefaults(one, suite.defaults)).map((difference) => {
      const path = `/cases/${index}${difference.path === '' ? '' : `/expect${difference.path}`}`;
      return { ...difference, path, ...(source?.locate(difference.path === '' ? `${path}/name` : path) ?? {}) };
    });
    return [{ name: one.name, passed: found.length === 0, differences: found }];
  });
  return { results };
}

function differencesOf(subject: Playable, one: Case): Difference[] {
  try {
    return differences(one.expect, playCase(subject, one));
  } catch (error) {
    if (error instanceof PinError || error instanceof TooMuch)
      return [{ what: 'the case', path: '', message: error.message }];
    throw error;
  }
}

/** A case with what its file says for all cases: maps are merged by name, and what the case says wins. */
export function withDefaults(one: Case, defaults: Setting = {}): Case {
  const merged = Object.fromEntries(
    (['vars', 'pins', 'failures', 'takes'] as const).map((field) => [field, { ...defaults[field], ...one[field] }]),
  );
  // A pin of the case stands for a failure of the defaults, too: the effect has one answer.
  const failures = Object.fromEntries(
    Object.entries(merged.failures as object).filter(
      ([name]) => Object.hasOwn(one.failures ?? {}, name) || !Object.hasOwn(one.pins ?? {}, name),
    ),
  );
  return { ...defaults, ...one, ...merged, failures };
}
