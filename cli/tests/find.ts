import { join, normalize } from 'node:path/posix';
import type { CliContext } from '../context.ts';
import { badInput, type CliError } from '../errors.ts';

/** The name of a file of graph tests: the graph's own, with `.test` before the ending. */
const TEST_FILE = /\.test\.(ya?ml|json)$/;
const ENDINGS = ['yaml', 'yml', 'json'];

/** Folders in which nobody looks for tests. */
const isSkipped = (name: string): boolean => name === 'node_modules' || name.startsWith('.');

/** Most entries of folders that are looked at, so that a wrong folder is a mistake and no endless search. */
const MAX_ENTRIES = 100_000;

/**
 * The files of graph tests that are named: a file of tests itself, the tests of a graph, or all of a folder and the
 * folders in it. Sorted, each once.
 */
export async function findTests(ctx: CliContext, targets: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const target of targets) {
    const path = normalize(target.replaceAll('\\', '/'));
    if (TEST_FILE.test(path)) found.add(path);
    else if (await isFolder(ctx, path)) for (const file of await testsIn(ctx, path)) found.add(file);
    else found.add(await testsOf(ctx, path));
  }
  if (found.size > 0) return [...found].sort();
  throw badInput(
    `There are no graph tests in ${targets.join(', ')}.`,
    'Graph tests are files called NAME.test.yaml beside NAME.yaml: docs/testing-graphs.md.',
    'tests.absent',
  );
}

/** The file of tests of a graph. @throws CliError `tests.absent` */
export async function testsOf(ctx: CliContext, graphFile: string): Promise<string> {
  const base = graphFile.replace(/\.[a-z]+$/, '');
  for (const ending of ENDINGS) {
    const file = `${base}.test.${ending}`;
    if (await exists(ctx, file)) return file;
  }
  if (!(await exists(ctx, graphFile))) throw badInput(`There is no file ${graphFile}.`, undefined, 'file.absent');
  throw badInput(
    `${graphFile} has no tests.`,
    `Write some in ${base}.test.yaml: docs/testing-graphs.md.`,
    'tests.absent',
  );
}

/** The graph that a file of tests is about: the one it names, or the one beside it. */
export async function graphOf(ctx: CliContext, testFile: string, named: string | undefined): Promise<string> {
  if (named !== undefined) return normalize(join(testFile, '..', named));
  const base = testFile.replace(TEST_FILE, '');
  for (const ending of [...ENDINGS, 'ts']) {
    const file = `${base}.${ending}`;
    if (await exists(ctx, file)) return file;
  }
  throw noGraph(testFile, `${base}.yaml`);
}

const noGraph = (testFile: string, graph: string): CliError =>
  badInput(`${testFile} has no graph: there is no ${graph}.`, 'Name its file with `graph: FILE`.', 'file.absent');

async function testsIn(ctx: CliContext, folder: string): Promise<string[]> {
  const found: string[] = [];
  const folders = [folder];
  let seen = 0;
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const entries = await ctx.listFolder(next);
    seen += entries.length;
    if (seen > MAX_ENTRIES)
      throw badInput(`${folder} holds more than ${MAX_ENTRIES} files.`, 'Name the folder of the graphs.');
    for (const { name, folder: isInner } of entries) {
      const path = next === '.' ? name : join(next, name);
      if (isInner && !isSkipped(name)) folders.push(path);
      if (!isInner && TEST_FILE.test(name)) found.push(path);
    }
  }
  return found;
}

async function isFolder(ctx: CliContext, path: string): Promise<boolean> {
  try {
    await ctx.listFolder(path);
    return true;
  } catch {
    return false;
  }
}

async function exists(ctx: CliContext, path: string): Promise<boolean> {
  try {
    await ctx.readFile(path);
    return true;
  } catch {
    return false;
  }
}
