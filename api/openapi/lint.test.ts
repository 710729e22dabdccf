import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, it } from 'vitest';
import { openapiText } from '../openapi-text.ts';

it('openapi.json is as the linter of Redocly wants it', { timeout: 60_000 }, async () => {
  const config = await createConfig({
    extends: ['recommended'],
    rules: {
      // Everybody who reaches the server may use it: there is nothing to declare yet.
      'security-defined': 'off',
      // A probe and the description of the API cannot be asked wrongly.
      'operation-4xx-response': 'off',
      // Where browsers come from and go to, the answer is a redirection.
      'operation-2xx-response': 'off',
    },
  });
  const problems = await lintFromString({ source: openapiText(), absoluteRef: 'openapi.json', config });
  const shown = problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`);
  expect([...new Set(shown)].slice(0, 20)).toEqual([]);
});
