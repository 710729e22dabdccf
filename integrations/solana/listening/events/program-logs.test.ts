import { expect, it } from 'vitest';
import { SYSTEM, TOKEN } from '../../chain/programs.ts';
import { somebody } from '../../testing/scene.ts';
import { programLog } from './program-logs.ts';

const [ours, others] = [somebody(), somebody()];
const data = (text: string) => `Program data: ${Buffer.from(text).toString('base64')}`;
const call = (program: string, depth: number, lines: readonly string[] = []) => [
  `Program ${program} invoke [${depth}]`,
  ...lines,
  `Program ${program} consumed 10 of 200000 compute units`,
  `Program ${program} success`,
];
const read = (lines: readonly string[]) => {
  const { logged, cut } = programLog(lines, ours);
  return { texts: logged.map((one) => String(one.data)), cut };
};

it('reads what the program logs itself, before, between and after the calls that it makes', () => {
  const inner = call(others, 2, [data('not ours'), ...call(ours, 3, [data('nested')]), data('nor this')]);
  const lines = [...call(SYSTEM, 1), ...call(ours, 1, [data('first'), ...inner, data('last')]), ...call(TOKEN, 1)];
  expect(read(lines)).toEqual({ texts: ['first', 'nested', 'last'], cut: null });
});

it('takes nothing of another program that writes what the chain would write', () => {
  const forged = [
    `Program log: Program ${ours} invoke [2]`,
    data('forged'),
    `Program log: Program ${ours} success`,
    `Program log: x\nProgram ${ours} invoke [2]\n${data('forged')}`,
    `Program return: ${ours} AAAA`,
    data('forged'),
  ];
  expect(read(call(others, 1, forged))).toEqual({ texts: [], cut: null });
});

it('knows that what follows a cut is unknown, and keeps what came before', () => {
  const lines = [...call(ours, 1, [data('first')]), `Program ${ours} invoke [1]`, 'Log truncated', data('later')];
  expect(read(lines)).toEqual({ texts: ['first'], cut: expect.stringContaining('cut') });
  expect(read(call(others, 1, ['Program log: Log truncated', ...call(ours, 2, [data('a')])]))).toEqual({
    ...{ texts: ['a'], cut: null },
  });
});

it.each<[string, string[]]>([
  ['begin too deep', [`Program ${ours} invoke [2]`]],
  ['end before they begin', [`Program ${ours} success`]],
  ['end in another order', [`Program ${others} invoke [1]`, `Program ${ours} invoke [2]`, `Program ${others} success`]],
  ['do not end', [`Program ${ours} invoke [1]`]],
])('says so if calls %s', (_, lines) => {
  expect(read(lines).cut).not.toBeNull();
});
