/** docs/openapi.json, made from the schemas that check requests. */
import { openapiText } from '../../api/openapi-text.ts';

/** The document by its path from the project's root. Pure: writes nothing. */
export function openapiPages(): Map<string, string> {
  return new Map([['docs/openapi.json', openapiText()]]);
}
