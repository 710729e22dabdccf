/** Any JSON value, as a graph, an event or a step's output holds it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** Whether a value is a JSON object. */
export const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON Schema document (draft 2020-12), carried as plain JSON. */
export type JsonSchema = { [key: string]: unknown };
