import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** Runs a program in a process of its own, because an uncaught error would end the tests. */
function run(program: string): { code: number | null; said: unknown[] } {
  const uncaught = JSON.stringify(new URL('./uncaught.ts', import.meta.url).href);
  const code = `const { surviveUncaught } = await import(${uncaught});
    const log = { error: ({ err, kind, count }) => console.log(JSON.stringify([err.message, kind, count])) };
    ${program}`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  return {
    code: status,
    said: stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown),
  };
}

const FAIL = `void Promise.reject(new Error('a'));
  setTimeout(() => { throw new Error('b'); }, 5);
  setTimeout(() => console.log('"still here"'), 50);`;

it('logs and counts what nobody caught, and goes on', () => {
  expect(run(`surviveUncaught(log); ${FAIL}`)).toEqual({
    code: 0,
    said: [['a', 'unhandledRejection', 1], ['b', 'uncaughtException', 2], 'still here'],
  });
  expect(run(FAIL).code).toBe(1);
});

it('does not fill the log when a timer fails all the time', () => {
  const { said } = run(`surviveUncaught(log); for (let n = 0; n < 250; n++) void Promise.reject('x');`);
  expect(said.length).toBe(22);
  expect(said.at(-1)).toEqual(['x', 'unhandledRejection', 200]);
});
