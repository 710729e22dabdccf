import type { Json } from '../../../graph/json.ts';
import type { HttpResponse } from '../message.ts';

/** A page that was fetched, as each way to find the next one sees it. */
export interface Page {
  readonly response: HttpResponse;
  readonly body: Json;
  readonly items: readonly Json[];
  /** Counts from 1. */
  readonly number: number;
  /** Number of items of all pages so far. */
  readonly fetched: number;
}
