/** `npm run docs` writes the generated pages; with `--check` it only lists stale pages, and fails if there are any. */
import { fileURLToPath } from 'node:url';
import { staleDocs, writeDocs } from './pages.ts';

const HELP = `npm run docs             write the pages that are made from code
npm run docs -- --check  fail if one of them is stale`;

process.exitCode = main(process.argv.slice(2));

function main(args: readonly string[]): number {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(HELP);
    return 0;
  }
  const unknown = args.filter((arg) => arg !== '--check');
  if (unknown.length > 0) {
    console.error(`npm run docs does not know ${unknown.join(' ')}.\n\n${HELP}`);
    return 2;
  }
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const stale = staleDocs(root);
  const paths = [...stale.write.keys(), ...stale.remove];
  if (paths.length === 0) {
    console.log('All generated pages are current.');
    return 0;
  }
  if (args.includes('--check')) {
    for (const path of paths) console.error(`${path} is stale: npm run docs`);
    return 1;
  }
  writeDocs(root, stale);
  for (const path of paths) console.log(`${stale.write.has(path) ? 'wrote' : 'removed'} ${path}`);
  return 0;
}
