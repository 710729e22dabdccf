import { type CompiledValue, compileValue } from '../../expression/parse.ts';
import type { Json } from '../../json.ts';
import { escapeSegment } from '../../pointer.ts';
import type { Place, Scope } from '../places/places.ts';

/** A text of the graph that holds expressions, and what they may read. */
export interface ExpressionText {
  readonly text: string;
  readonly path: string;
  readonly scope: Scope;
  readonly compiled: CompiledValue;
}

/** The texts with expressions at some places, each compiled once, when it is first asked for. */
export function expressionTexts(places: readonly Place[]): Iterable<ExpressionText> {
  const known: ExpressionText[] = [];
  const rest = compileAll(places);
  return {
    *[Symbol.iterator]() {
      for (let index = 0; ; index += 1) {
        if (index === known.length) {
          const next = rest.next();
          if (next.done) return;
          known.push(next.value);
        }
        yield known[index]!;
      }
    },
  };
}

function* compileAll(places: readonly Place[]): Generator<ExpressionText, void> {
  for (const { value, path, scope } of places) {
    for (const [text, at] of textsOf(value, path)) {
      if (text.includes('${{')) yield { text, path: at, scope, compiled: compileValue(text) };
    }
  }
}

/** Every text within a value, with its path. */
export function textsOf(value: Json, path: string): [text: string, path: string][] {
  if (typeof value === 'string') return [[value, path]];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsOf(item, `${path}/${index}`));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, `${path}/${escapeSegment(key)}`));
}
