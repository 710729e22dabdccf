/** One stretch of a fuzz run, in a process that may crash. Arguments: seed, first case, number of cases. */
import { fuzzExpressions } from './expressions.ts';

const [seed = 0, from = 0, count = 0] = process.argv.slice(2).map(Number);
const report = fuzzExpressions({ seed, from, count });
process.send?.(report, () => process.disconnect());
