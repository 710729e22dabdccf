import { nodeOf } from '../dry-run/index.ts';
import type { Json } from '../json.ts';
import { matches, mismatches } from './match.ts';
import type { Difference, Expectation, ExpectedEffect, Played, Requested } from './types.ts';

/** What is not as expected of the effects that a run asked for. */
export function differentEffects({ effects, effectsInOrder }: Expectation, { effects: asked }: Played): Difference[] {
  return [
    ...(effects === undefined ? [] : differentSet(effects.map(written), asked)),
    ...(effectsInOrder === undefined ? [] : differentOrder(effectsInOrder.map(written), asked)),
  ];
}

const written = (effect: string | ExpectedEffect): ExpectedEffect =>
  typeof effect === 'string' ? { step: effect } : effect;

/** All effects and no others, in any order. */
function differentSet(expected: readonly ExpectedEffect[], asked: readonly Requested[]): Difference[] {
  const left = [...asked];
  // The most exact expectation chooses first, so that a vague one does not take what only the exact one fits.
  const order = [...expected.keys()].sort((a, b) => weightOf(expected[b]!) - weightOf(expected[a]!));
  const missing = order.flatMap((index) => {
    const effect = expected[index]!;
    const found: (Difference & Missed)[] = [];
    for (let time = 0; time < (effect.times ?? 1); time += 1) {
      const at = left.findIndex((request) => fits(effect, request));
      if (at < 0) {
        found.push({ ...missed(effect, left), path: `/effects/${index}` });
        break;
      }
      left.splice(at, 1);
    }
    return found;
  });
  // An effect that was just named as the nearest to a missing one is that one with other parameters, not a further one.
  const explained = new Set(missing.flatMap(({ near }) => (near === undefined ? [] : [near])));
  const others = left.filter((request) => !explained.has(request));
  return [
    ...missing.map(({ near: _, ...rest }) => rest),
    ...others.map(
      (request): Difference => ({
        what: `effects: ${request.path} (${request.uses})`,
        path: '/effects',
        actual: request.with,
        message: 'The run asks for an effect that is not expected.',
      }),
    ),
  ];
}

const weightOf = ({ step, uses, with: parts }: ExpectedEffect): number =>
  (parts === undefined ? 0 : JSON.stringify(parts).length) +
  (step === undefined ? 0 : 2) +
  (uses === undefined ? 0 : 1);

/** These effects in this order; others may come between. */
function differentOrder(expected: readonly ExpectedEffect[], asked: readonly Requested[]): Difference[] {
  let from = 0;
  for (const [index, effect] of expected.entries()) {
    for (let time = 0; time < (effect.times ?? 1); time += 1) {
      const at = asked.findIndex((request, place) => place >= from && fits(effect, request));
      if (at < 0) return [{ ...inOrder(effect, asked, from), path: `/effectsInOrder/${index}` }];
      from = at + 1;
    }
  }
  return [];
}

function inOrder(effect: ExpectedEffect, asked: readonly Requested[], from: number): Omit<Difference, 'path'> {
  const what = `effectsInOrder: ${nameOf(effect)}`;
  if (asked.some((request) => fits(effect, request))) {
    const order = asked.map(({ path }) => path);
    return { what, message: 'The run asks for it, but earlier. The order was:', actual: order.slice(0, 50) };
  }
  const { near: _, ...rest } = missed(effect, asked.slice(from));
  return { ...rest, what };
}

function fits(expected: ExpectedEffect, { path, uses, with: parameters }: Requested): boolean {
  if (expected.step !== undefined && !isOf(expected.step, path)) return false;
  if (expected.uses !== undefined && expected.uses !== uses) return false;
  return expected.with === undefined || matches(expected.with, parameters, howOf(expected));
}

const isOf = (name: string, path: string): boolean => name === path || name === nodeOf(path);

const howOf = ({ exactly }: ExpectedEffect) => (exactly === true ? 'whole' : 'parts');

interface Missed {
  /** The effect that the missing one most likely turned into. */
  readonly near?: Requested;
}

/** Why an expected effect was not asked for: where the parameters of the nearest one differ. */
function missed(effect: ExpectedEffect, left: readonly Requested[]): Omit<Difference, 'path'> & Missed {
  const what = `effects: ${nameOf(effect)}`;
  const candidates = left.filter((request) => fits({ ...effect, with: undefined }, request));
  const compared = candidates.slice(0, 100).map((near) => ({
    near,
    wrong: mismatches(effect.with ?? null, near.with, howOf(effect)),
  }));
  const [first] = compared.sort((a, b) => a.wrong.length - b.wrong.length);
  if (effect.with === undefined || first === undefined)
    return {
      what,
      message: 'The run does not ask for it.',
      ...(effect.with === undefined ? {} : { expected: effect.with }),
    };
  const [{ at, ...values }] = first.wrong as [(typeof first.wrong)[number]];
  const more = first.wrong.length > 1 ? ` ${first.wrong.length - 1} more of its parameters differ.` : '';
  return {
    what: `${what} ${first.near.path}.with${at}`,
    ...values,
    near: first.near,
    ...(more === '' ? {} : { message: more.trim() }),
  };
}

const nameOf = ({ step, uses, with: parts }: ExpectedEffect): string =>
  step ?? uses ?? JSON.stringify(parts as Json)?.slice(0, 60) ?? 'any effect';
