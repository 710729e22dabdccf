import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { openapiDocument } from './document.ts';

/** Version of the API's contract. */
export const API_VERSION = '1.0.0';

/** Serves the document of all endpoints, this one included. Made at the first request. */
export function openapiRoute(all: () => readonly Route[]): Route {
  let document: object | undefined;
  return defineRoute({
    method: 'get',
    path: '/api/openapi.json',
    id: 'openapi',
    access: { public: 'The description of the API is the same for everybody, and is published.' },
    summary: 'This document.',
    responses: { 200: { description: 'OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()) } },
    problems: [],
    handle: async () => {
      document ??= openapiDocument(all(), { version: API_VERSION });
      return { status: 200, body: document };
    },
  });
}
