import { runData } from '../../graph/data/index.ts';
import { newFuel, Reference, readPointer, resolveInPlace } from '../../graph/expression/index.ts';
import { inlineValues } from '../../graph/expression/inline-values.ts';
import { OUTPUT_IN_HISTORY } from '../../graph/limits.ts';
import { type Enveloped, scopeFromSlice, seal, unseal } from '../../graph/run-state/index.ts';
import type { EvaluateInput, GatherInput, Kept, PageInput, SplitInput } from '../activities.ts';

const META = { attempt: 1, startedAt: '2030-01-01T00:00:00.000Z', endedAt: '2030-01-01T00:00:00.000Z' };
const PAGE = 50;

/** The interpreter's own activities over a store in memory. Answers undefined for any other activity. */
export function fakeStore() {
  const texts = new Map<string, string>();
  const put = (value: unknown) => {
    const text = JSON.stringify(value ?? null);
    const sha256 = `blob-${texts.size}`;
    texts.set(sha256, text);
    return { sha256, size: text.length, preview: text.slice(0, 200) };
  };
  const get = (sha256: string): unknown => JSON.parse(texts.get(sha256)!);
  const whole = (value: unknown): unknown => {
    if (value instanceof Reference) return readPointer(get(value.sha256), value.pointer) ?? null;
    if (Array.isArray(value)) return value.map(whole);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, whole(entry)]));
  };
  const opened = (envelope: Enveloped): unknown => whole(unseal(JSON.parse(JSON.stringify(envelope))));
  const kept = <T>(from: Kept<T>): T => ('blob' in from ? (get(from.blob.sha256) as T) : from.value);
  const result = (value: unknown, inline: readonly string[] = []) =>
    JSON.stringify(value ?? null).length <= OUTPUT_IN_HISTORY
      ? { output: value ?? null, meta: META }
      : { ref: put(value), inline: inlineValues(value, inline), meta: META };
  const does: Record<string, (input: never) => unknown> = {
    blokStore: ({ value, enveloped }: { value: unknown; enveloped?: boolean }) =>
      put(enveloped ? opened(value as Enveloped) : value),
    blokLoad: ({ ref }: { ref: { sha256: string } }) => get(ref.sha256),
    blokLoadPart: ({ ref }: { ref: { sha256: string } }) => ({ text: texts.get(ref.sha256)!, next: null }),
    blokEvaluate: ({ scope, template, data, field, now, inline }: EvaluateInput) => {
      const seen = scopeFromSlice({ value: opened(kept(scope)) }, { now });
      const fuel = newFuel(100_000_000);
      return result(
        data ? runData(data, template, seen, fuel) : resolveInPlace(template, seen, fuel, field ?? 'with'),
        inline,
      );
    },
    blokSplit: ({ items }: SplitInput) => {
      const list = opened(items) as unknown[];
      return { ref: put(list), count: list.length, items: list.length };
    },
    blokPage: ({ ref, from, to }: PageInput) => {
      const items = (get(ref.sha256) as unknown[]).slice(from, Math.min(to, from + PAGE));
      return { items: seal(items), count: items.length };
    },
    blokGather: ({ segments, count, inline }: GatherInput) => {
      const parts = kept(segments).map(kept);
      const results = parts.flatMap((part) => [...part.results]);
      return result({ results, errors: parts.flatMap((part) => [...part.errors]), count }, inline);
    },
    blokWaits: () => [],
    blokRecord: () => null,
    blokSteps: () => null,
  };
  return { answer: (type: string, input: unknown): unknown => does[type]?.(input as never) };
}
