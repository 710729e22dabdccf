/** The pages of rooms lead to the file in which something is changed: what they name must be there. */
import { posix } from 'node:path';
import type { Sources, Violation } from './law.ts';

const CODE_FILE = String.raw`[\w-][\w./-]*\.(?:ts|cjs|mjs)`;
const NAME = String.raw`[A-Za-z_$][\w$]*`;

/**
 * Files that the READMEs of rooms name must exist, and so must the names that a README says are in one of them:
 * `visit.ts` (`VISIT_SECONDS`), or `VISIT_SECONDS` in `visit.ts`. A file is named as it is seen from the project's root,
 * from the room, or from a folder of the room.
 */
export function checkRoomPages(sources: Sources): Violation[] {
  const files = [...sources.keys()];
  const violations: Violation[] = [];
  for (const [page, text] of sources) {
    if (!isRoomPage(page)) continue;
    const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '');
    const room = posix.dirname(page) === '.' ? '' : `${posix.dirname(page)}/`;
    const find = (name: string): string[] => {
      const seen = [name, posix.normalize(`${room}${name}`)].filter((path) => sources.has(path));
      return seen.length > 0 ? seen : files.filter((path) => path.startsWith(room) && path.endsWith(`/${name}`));
    };
    for (const [, name] of prose.matchAll(new RegExp(`\`(${CODE_FILE})\``, 'g'))) {
      const isThere = find(name!).length > 0 || files.some((path) => path.endsWith(`/${name}`));
      if (!isThere) violations.push({ file: page, message: `names ${name}, which is not there` });
    }
    for (const { file, names } of saidToBeIn(prose)) {
      const texts = find(file).map((path) => sources.get(path)!);
      if (texts.length === 0) continue;
      for (const name of names) {
        const word = new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`);
        if (!texts.some((one) => word.test(one)))
          violations.push({ file: page, message: `says that ${name} is in ${file}, which does not have it` });
      }
    }
  }
  return violations;
}

/** Pages for users, and those of examples, speak of files that users have. */
const isRoomPage = (page: string): boolean =>
  /(^|\/)(README|ARCHITECTURE|CONTRIBUTING)\.md$/.test(page) && !/^(docs|examples)\//.test(page);

/** What a page says is in which file. */
function* saidToBeIn(prose: string): Generator<{ file: string; names: string[] }> {
  const listed = new RegExp(`\`(${CODE_FILE})\` \\(((?:\`${NAME}\`(?:, )?)+)\\)`, 'g');
  for (const [, file, names] of prose.matchAll(listed))
    yield { file: file!, names: [...names!.matchAll(new RegExp(`\`(${NAME})\``, 'g'))].map(([, name]) => name!) };
  const inside = new RegExp(`\`(${NAME})\` (?:in|of) \`(${CODE_FILE})\``, 'g');
  for (const [, name, file] of prose.matchAll(inside)) yield { file: file!, names: [name!] };
}
