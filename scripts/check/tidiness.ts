/** Rules for every file of the tree: its size, no paths of one machine, and no references to missing files. */
import { posix } from 'node:path';
import { isTestCode, type Sources, type Violation } from './law.ts';

const MOST_LINES = 400;

/** A source file has one subject; over 400 lines it has several. A `.d.ts` is made from code. */
export function checkSizes(sources: Sources): Violation[] {
  return [...sources]
    .filter(([file]) => /\.(ts|tsx|mjs)$/.test(file) && !file.endsWith('.d.ts'))
    .map(([file, text]) => ({ file, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > MOST_LINES)
    .map(({ file, lines }) => ({
      file,
      message: `has ${lines} lines; the most is ${MOST_LINES}: split it by subject`,
    }));
}

const MOST_FILES = 24;

/** A folder with more files than fit into one glance has several subjects; tests and their helpers do not count. */
export function checkFullFolders(sources: Sources): Violation[] {
  const counts = new Map<string, number>();
  for (const file of sources.keys()) {
    if (!/\.(ts|tsx|mjs|cjs|js)$/.test(file) || isTestCode(file)) continue;
    const folder = posix.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > MOST_FILES)
    .map(([file, count]) => ({
      file,
      message: `holds ${count} files; the most is ${MOST_FILES}: group them by subject`,
    }));
}

/** Folders that exist only on one machine. Assembled from parts, so that this file does not match itself. */
const MACHINE_PATH = new RegExp(`(?<![\\w@.~-])/(?:${['work', 'root', 'farm', 'home/\\w+'].join('|')})/`);

/** A path of somebody's machine means nothing to anybody else. */
export function checkMachinePaths(sources: Sources): Violation[] {
  const violations: Violation[] = [];
  for (const [file, text] of sources) {
    if (file === 'package-lock.json') continue;
    for (const [index, line] of text.split('\n').entries()) {
      const found = MACHINE_PATH.exec(line)?.[0];
      if (found) violations.push({ file, message: `line ${index + 1}: ${found} is a path of one machine` });
    }
  }
  return violations;
}

/**
 * Files and npm scripts that documents name must exist. A path counts if it is a relative link, or if it is in
 * backquotes and begins with a folder of the project's root.
 */
export function checkDocuments(sources: Sources, scripts: ReadonlySet<string>): Violation[] {
  const paths = knownPaths(sources);
  const violations: Violation[] = [];
  for (const [file, text] of sources) {
    if (!file.endsWith('.md')) continue;
    const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '');
    const cited = [...citedPaths(prose, paths), ...linkedPaths(file, prose)];
    for (const path of new Set(cited)) {
      if (!paths.has(path)) violations.push({ file, message: `names ${path}, which is not there` });
    }
    for (const [, script] of text.matchAll(/\bnpm run ([\w:-]+)/g)) {
      if (!scripts.has(script!))
        violations.push({ file, message: `names npm run ${script}, which package.json lacks` });
    }
  }
  return violations;
}

/** Documents that comments name must exist, too; otherwise the comment leads readers nowhere. */
export function checkCitations(sources: Sources): Violation[] {
  const documents = [...sources.keys()].filter((path) => path.endsWith('.md'));
  const violations: Violation[] = [];
  for (const [file, text] of sources) {
    if (!/\.(ts|mjs)$/.test(file) || file.endsWith('.test.ts')) continue;
    for (const [comment] of text.matchAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*$/gm)) {
      for (const [name] of comment.matchAll(/(?<![\w/.-])[\w-][\w./-]*\.md\b/g)) {
        if (!documents.some((path) => path === name || path.endsWith(`/${name}`)))
          violations.push({ file, message: `a comment names ${name}, which is not there` });
      }
    }
  }
  return violations;
}

function knownPaths(sources: Sources): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const file of sources.keys()) for (let path = file; path !== '.'; path = posix.dirname(path)) paths.add(path);
  return paths;
}

function citedPaths(prose: string, known: ReadonlySet<string>): string[] {
  return [...prose.matchAll(/`([\w.-]+(?:\/[\w.-]+)+\/?)(?::\d+)?`/g)]
    .map(([, path]) => path!.replace(/\/$/, ''))
    .filter((path) => known.has(path.split('/')[0]!));
}

function linkedPaths(file: string, prose: string): string[] {
  return [...prose.matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g)]
    .map(([, link]) => link!)
    .filter((link) => !/^[a-z]+:/i.test(link))
    .map((link) => posix.normalize(posix.join(posix.dirname(file), decodeURI(link))).replace(/\/$/, ''))
    .filter((path) => path !== '.' && path !== '');
}
