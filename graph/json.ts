/** Any JSON value, as a graph, an event or a step's output holds it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** A JSON Schema document (draft 2020-12), carried as plain JSON. */
export type JsonSchema = { [key: string]: unknown };
