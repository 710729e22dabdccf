import { openapiDocument } from './openapi/document.ts';
import { API_VERSION } from './openapi/routes.ts';
import { routes } from './routes.ts';

/** The document of the API as `docs/openapi.json` keeps it. */
export const openapiText = (): string =>
  `${JSON.stringify(openapiDocument(routes, { version: API_VERSION }), null, 2)}\n`;
