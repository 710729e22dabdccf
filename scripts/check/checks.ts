/** Everything that is checked without running Blok. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkCircles } from './circles.ts';
import { checkLaw, type Sources, type Violation } from './law.ts';
import { checkPurity } from './purity.ts';
import { checkRoomPages } from './rooms.ts';
import { projectSources } from './sources.ts';
import { checkCitations, checkDocuments, checkFullFolders, checkMachinePaths, checkSizes } from './tidiness.ts';

/** Outcome of one check. */
export interface CheckResult {
  readonly name: string;
  /** What is wrong, for people; undefined if nothing is. */
  readonly problem: string | undefined;
}

/** TypeScript projects: the whole tree, and the two parts that must work without Node and the DOM. */
const TYPESCRIPT_PROJECTS = ['tsconfig.json', 'graph/tsconfig.json', 'workflows/tsconfig.json'];

/** Runs all checks, tools first. `each` is called after each check. */
export async function runChecks(root: string, each: (result: CheckResult) => void): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const done = (name: string, problem: string | undefined) => {
    results.push({ name, problem });
    each({ name, problem });
  };
  for (const project of TYPESCRIPT_PROJECTS) {
    done(`types (${project})`, await tool(root, 'tsc', ['--noEmit', '--pretty', 'false', '-p', project]));
  }
  done('format and lint', await tool(root, 'biome', ['check', '--colors=off', '--max-diagnostics=50', '.']));
  const sources = projectSources(root);
  for (const [name, check] of Object.entries(TREE_CHECKS)) done(name, list(check(sources)));
  return results;
}

const TREE_CHECKS: Readonly<Record<string, (sources: Sources) => Violation[]>> = {
  'import law': checkLaw,
  'no circles': checkCircles,
  'sandbox purity': checkPurity,
  'file sizes': checkSizes,
  'full folders': checkFullFolders,
  'machine paths': checkMachinePaths,
  'comments cite what exists': checkCitations,
  'documents cite what exists': (sources) => checkDocuments(sources, npmScripts(sources)),
  'pages of rooms lead to what exists': checkRoomPages,
};

function npmScripts(sources: Sources): ReadonlySet<string> {
  const { scripts } = JSON.parse(sources.get('package.json')!) as { scripts: Record<string, string> };
  return new Set(Object.keys(scripts));
}

function list(violations: readonly Violation[]): string | undefined {
  if (violations.length === 0) return undefined;
  return violations.map(({ file, message }) => `${file}: ${message}`).join('\n');
}

async function tool(root: string, name: string, args: string[]): Promise<string | undefined> {
  const program = join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
  if (!existsSync(program)) return `${name} is not installed: npm ci`;
  try {
    await promisify(execFile)(program, args, { cwd: root, maxBuffer: 64e6, shell: process.platform === 'win32' });
    return undefined;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    return `${stdout}${stderr}`.trim() || message;
  }
}
