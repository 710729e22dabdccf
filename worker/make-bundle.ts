/** `node make-bundle.ts FILE`: bundles the workflow code into a file. Started by bundle.ts. */
import { makeBundle } from './bundle.ts';

await makeBundle(process.argv[2]!);
