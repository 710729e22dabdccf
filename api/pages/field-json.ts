import type { Json } from '../../graph/json.ts';
import { strangersJson } from '../http/strangers-json.ts';

/** Parses what was filled in as JSON. @throws ApiProblem `body.invalid`, in words for whoever filled it in */
export const fieldJson = (text: string): Json => strangersJson(text, 'text');
