import { expect, it } from 'vitest';
import { whyFailed } from './why-failed.ts';

const ERROR = { InstructionError: [0, { Custom: 17 }] };
const CODE = JSON.stringify(ERROR);

it.each<[string, readonly string[], string]>([
  ['nothing', [], CODE],
  ['which instruction runs', ['Program A invoke [1]', 'Program log: Instruction: Transfer'], CODE],
  ['an error', ['Program A invoke [1]', 'Program log: Error: Account is frozen'], `Account is frozen (${CODE})`],
  ['words', ['Program A invoke [1]', 'Program log: it is paused'], `it is paused (${CODE})`],
  [
    'an error of Anchor',
    [
      'Program A invoke [1]',
      'Program log: AnchorError thrown in a.rs:1. Error Code: No. Error Number: 6000. Error Message: Not now.',
    ],
    `Not now. (${CODE})`,
  ],
  ['words of another program', ['Program A invoke [1]', 'Program log: done', 'Program B invoke [1]'], CODE],
])('says what the program has said: %s', (_, logs, why) => {
  expect(whyFailed(ERROR, logs)).toBe(why);
});

it('shows little of what a program says', () => {
  expect(whyFailed(ERROR, ['Program A invoke [1]', `Program log: ${'x'.repeat(9_000)}`])).toHaveLength(
    200 + 3 + CODE.length,
  );
});
