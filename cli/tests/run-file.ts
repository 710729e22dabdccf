import type { CaseResult } from '../../graph/cases/index.ts';
import type { Problem } from '../../graph/problems/problem.ts';
import type { CliContext } from '../context.ts';
import { CliError } from '../errors.ts';
import { loadGraph, nodeTypes } from '../graph-file.ts';
import { readText } from '../values.ts';
import { graphOf } from './find.ts';

/** What came of one file of graph tests. */
export interface FileResult {
  readonly file: string;
  /** The file of the graph; null if it was not found. */
  readonly graph: string | null;
  readonly cases: readonly CaseResult[];
  /** What kept the cases from being run, and in which file. */
  readonly problems: readonly Problem[];
  readonly problemsIn?: string;
  /** Why a file could not be read. */
  readonly error?: string;
  readonly ms: number;
}

/** Runs the cases of one file, or those whose name is wanted. Never throws for what is wrong with the files. */
export async function runFile(
  ctx: CliContext,
  file: string,
  wanted: (name: string) => boolean = () => true,
): Promise<FileResult> {
  const began = ctx.now();
  const result = (more: Partial<FileResult>): FileResult => ({
    file,
    graph: null,
    cases: [],
    problems: [],
    ...more,
    ms: ctx.now() - began,
  });
  try {
    const { parseSuite, runSuite } = await import('../../graph/cases/index.ts');
    const { suite, problems, source } = parseSuite(await readText(ctx, file));
    if (suite === null) return result({ problems, problemsIn: file });
    const path = await graphOf(ctx, file, suite.graph);
    const { graph, problems: graphProblems } = await loadGraph(ctx, path);
    const errors = graphProblems.filter(({ severity }) => severity === 'error');
    if (graph === null || errors.length > 0) return result({ graph: path, problems: errors, problemsIn: path });
    const played = runSuite({ suite, ...(source && { source }), graph, catalogue: await nodeTypes() }, wanted);
    if (played.results === undefined) return result({ graph: path, problems: played.problems, problemsIn: file });
    return result({ graph: path, cases: played.results });
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return result({ error: error.hint === undefined ? error.message : `${error.message} ${error.hint}` });
  }
}

/** Whether a file could be run at all. */
export const isBroken = ({ problems, error }: FileResult): boolean => problems.length > 0 || error !== undefined;

/** Whether everything that was run is as expected. */
export const hasPassed = (result: FileResult): boolean =>
  !isBroken(result) && result.cases.every(({ passed }) => passed);
