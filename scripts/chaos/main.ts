/**
 * Long versions of tests in which everything goes wrong by chance. Exits with 1 if any promise was broken.
 *
 * `npm run chaos -- solana [--runs N] [--seed N]`: payments while workers die and providers lie
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const TESTS: Readonly<Record<string, string>> = { solana: 'integrations/solana/chaos' };

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '1000' }, seed: { type: 'string' } },
});
const test = TESTS[positionals[0] ?? ''];
if (test === undefined || positionals.length !== 1 || !/^[1-9]\d{0,6}$/.test(values.runs)) {
  console.error('usage: npm run chaos -- solana [--runs 1000] [--seed N]');
  process.exit(2);
}
const env = { ...process.env, BLOK_CHAOS_RUNS: values.runs, ...(values.seed && { BLOK_CHAOS_SEED: values.seed }) };
const child = spawn(process.execPath, ['scripts/test/main.ts', 'integration', test], { stdio: 'inherit', env });
child.on('exit', (code) => process.exit(code ?? 1));
