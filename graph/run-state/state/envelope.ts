import { Reference } from '../../expression/runtime.ts';
import type { Json } from '../../json.ts';
import { exceeds } from '../../json-size.ts';
import { REQUEST_IN_HISTORY } from '../../limits.ts';
import { escapeSegment } from '../../pointer.ts';

/** A value with its references to stored data listed beside it, so that no reference is recognised by its shape. */
export interface Enveloped {
  readonly value: unknown;
  readonly refs?: readonly SealedRef[];
}

/** Where in the value a reference sits (JSON Pointer), and what it refers to. */
export interface SealedRef {
  readonly at: string;
  readonly ref: { readonly sha256: string; readonly size: number; readonly preview?: string };
  readonly pointer?: string;
  readonly inline?: Record<string, unknown>;
}

/** Takes the references out of a value and leaves null in their places. Parts without references are not copied. */
export function seal(value: unknown): Enveloped {
  const refs: SealedRef[] = [];
  const walk = (current: unknown, at: string): unknown => {
    if (current instanceof Reference) {
      refs.push({
        at,
        ref: { sha256: current.sha256, size: current.size, ...(current.preview ? { preview: current.preview } : {}) },
        ...(current.pointer ? { pointer: current.pointer } : {}),
        ...(Object.keys(current.inline).length > 0 ? { inline: current.inline } : {}),
      });
      return null;
    }
    if (Array.isArray(current)) {
      const before = refs.length;
      const copy = current.map((entry, i) => walk(entry, `${at}/${i}`));
      return refs.length > before ? copy : current;
    }
    if (current !== null && typeof current === 'object') {
      const before = refs.length;
      const copy: Record<string, unknown> = {};
      for (const key of Object.keys(current)) {
        define(copy, key, walk((current as Record<string, unknown>)[key], `${at}/${escapeSegment(key)}`));
      }
      return refs.length > before ? copy : current;
    }
    return current;
  };
  const sealed = walk(value, '');
  return refs.length > 0 ? { value: sealed, refs } : { value: sealed };
}

/** Puts the references back. Changes `envelope.value` in place: call it on data you own. */
export function unseal(envelope: Enveloped): unknown {
  const refs = (envelope.refs ?? []).map(({ at, ref, pointer, inline }) => ({
    at,
    reference: new Reference({ ...ref, pointer: pointer ?? '', inline: (inline ?? {}) as Record<string, Json> }),
  }));
  return embed(envelope.value, refs);
}

/** Puts references at their places (JSON Pointers) in `value`, in place. */
export function embed(
  value: unknown,
  refs: readonly { readonly at: string; readonly reference: Reference }[],
): unknown {
  let root = value;
  for (const { at, reference } of refs) {
    const keys = at
      .slice(1)
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() as string;
    if (at === '') root = reference;
    else
      define(
        keys.reduce((holder, key) => (holder as Record<string, object>)[key] as object, root as object),
        last,
        reference,
      );
  }
  return root;
}

/** Sets an own property, whatever its name (`__proto__` included). */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

/** True if a value holds no references at all. */
export const isWhole = (value: unknown): boolean => seal(value).refs === undefined;

/** True if a value holds no reference and is small enough for history. */
export const travelsAsItIs = (value: unknown): value is Json =>
  seal(value).refs === undefined && !exceeds(value, REQUEST_IN_HISTORY);
