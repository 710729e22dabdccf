import type { Json } from '../../../graph/json.ts';
import type { HttpResponse } from '../message.ts';

/** A page that was fetched, as the ways to the next one see it. */
export interface Page {
  readonly response: HttpResponse;
  readonly body: Json;
  readonly items: readonly Json[];
  /** From 1. */
  readonly number: number;
  /** Items of all pages so far. */
  readonly fetched: number;
}
