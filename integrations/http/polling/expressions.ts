import { compileValue, ExpressionError, newFuel, resolve, zoneRules } from '../../../graph/expression/index.ts';
import type { Json } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';

/** Work that the expressions of one look may do together. */
const FUEL = 20_000_000;

/** Computes one expression for different data. @throws NodeError `http.poll` */
export type Compute = (scope: Readonly<Record<string, Json>>) => Json;

/** Expressions that share an allowance of work. */
export function expressions(): (field: string, source: string) => Compute {
  const fuel = newFuel(FUEL, zoneRules);
  return (field, source) => {
    const { template, problems } = compileValue(`\${{ ${source} }}`);
    if (problems[0]) throw new NodeError('http.poll', `"${field}" is not an expression: ${problems[0].message}`);
    return (scope) => {
      try {
        return (resolve(template, scope, fuel, field).value ?? null) as Json;
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        throw new NodeError('http.poll', `"${field}" fails: ${error.message}`);
      }
    };
  };
}
