import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Route } from '../http/route.ts';
import { openapiText } from '../openapi-text.ts';
import { routes } from '../routes.ts';
import { openapiDocument } from './document.ts';

type Doc = {
  paths: Record<
    string,
    Record<
      string,
      { operationId: string; parameters: { name: string; in: string }[]; responses: Record<string, unknown> }
    >
  >;
  components: { schemas: Record<string, unknown> };
};
const document = JSON.parse(openapiText()) as Doc;

describe('openapi.json', () => {
  it('is the one in docs (npm run docs writes it anew)', async () => {
    expect(await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8')).toBe(openapiText());
  });

  it('has every endpoint, once, with all its path parameters', () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(operations).toHaveLength(routes.length);
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(routes.length);
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
      expect(operation.parameters.filter((p) => p.in === 'path').map((p) => p.name)).toEqual(named);
      expect(Object.keys(operation.responses)).toContain('500');
    }
  });

  it('refers to components that exist', () => {
    const refs = [...openapiText().matchAll(/"\$ref": "#\/components\/schemas\/(\w+)"/g)].map((m) => m[1]!);
    expect(refs.length).toBeGreaterThan(20);
    for (const ref of new Set(refs)) expect(document.components.schemas).toHaveProperty(ref);
    expect(openapiText()).not.toContain('$defs');
  });

  it('cannot be made if two schemas have one name', () => {
    const [first, second] = routes;
    const answering = (route: Route, schema: z.ZodType): Route =>
      ({ ...route, responses: { 200: { description: '', schema: schema.meta({ id: 'Twice' }) } } }) as Route;
    const two = (other: z.ZodType) => [answering(first!, z.object({ a: z.string() })), answering(second!, other)];
    expect(openapiDocument(two(z.object({ a: z.string() })), { version: '1' })).toBeDefined();
    expect(() => openapiDocument(two(z.object({ b: z.int() })), { version: '1' })).toThrow(
      'Two schemas are called Twice.',
    );
  });
});
