import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../graph/json.ts';
import { validate } from '../graph/validate/validate.ts';
import { catalogue } from './describe.ts';

const ADDRESS = '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU';

/** Errors of a graph with such a trigger. */
const errorsOf = (parameters: JsonObject): string[] =>
  validate(
    {
      blok: 1,
      name: 'watched',
      vars: { rest: ')', least: '1' },
      triggers: { on: { uses: 'solana.transaction', connection: 'chain', with: parameters } },
      nodes: { keep: { uses: 'set', with: { value: 1 } } },
    },
    { catalogue: catalogue() },
  ).flatMap(({ severity, path, message }) => (severity === 'error' ? [`${path} ${message}`] : []));

// Nobody sees the first look of a trigger: what it would refuse is said when the graph is published.
describe('parameters of a trigger that its provider would refuse', () => {
  it.each<[string, JsonObject, string]>([
    ['a pattern that is none', { memoPattern: '(a' }, '/memoPattern `with.memoPattern`: Not a regular expression'],
    ['an address that is none', { addresses: ['nobody'] }, '/addresses/0 `with.addresses.0`: must be an address'],
    ['an amount of nothing', { least: '1' }, '/least `with.least`: needs a mint'],
    ['an interval that is too short', { every: '1ms' }, '/every `with.every`: must be between'],
  ])('are problems of the graph: %s', (_, given, said) => {
    expect(errorsOf({ addresses: ADDRESS, ...given })).toEqual([expect.stringContaining(`/triggers/on/with${said}`)]);
  });

  it('are none while an expression can still make them right', () => {
    const unknown = { memoPattern: '(a${{ vars.rest }}', least: '${{ vars.least }}', mint: 'SOL' };
    expect(errorsOf({ addresses: ADDRESS, ...unknown })).toEqual([]);
    expect(errorsOf({ addresses: ADDRESS, memoPattern: '^INV-[0-9]+$', least: '1', mint: 'SOL' })).toEqual([]);
  });
});
