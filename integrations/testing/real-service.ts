import { describe } from 'vitest';

/** A provider that a suite runs against. */
export interface Service<F> {
  /** Where it is. */
  readonly base: string;
  /** Fields of the connection. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The fake provider, to see its state and script faults; null: this is the real one. */
  readonly fake: F | null;
}

/**
 * Declares a suite against the fake provider and, if every variable is set, once more against the real one. So the
 * shapes that the fake documents are compared with the truth by whoever has an account.
 *
 * @param real makes the service from the values of the variables
 */
export function describeService<F>(
  name: string,
  {
    fake,
    variables,
    real,
  }: {
    readonly fake: () => Service<F>;
    readonly variables: readonly string[];
    readonly real: (values: readonly string[]) => Service<F>;
  },
  suite: (service: () => Service<F>) => void,
): void {
  describe(`${name} (fake)`, () => suite(fake));
  const values = variables.map((variable) => process.env[variable] ?? '');
  const isComplete = values.every((value) => value !== '');
  describe.skipIf(!isComplete)(`${name} (real: ${variables.join(', ')})`, () => suite(() => real(values)));
}
