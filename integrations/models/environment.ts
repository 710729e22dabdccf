/**
 * Takes away the headers that a provider's library reads from the environment of the process (`OPENAI_CUSTOM_HEADERS`),
 * for which it has no option: they would go to the server of every connection, and could replace its key. The
 * conformance test finds it if a new version of a library does this in another way.
 *
 * @param defaultHeaders the headers that each request should have instead
 */
export function withoutEnvironment<T extends object>(client: T, defaultHeaders?: object): T {
  const { _options } = client as unknown as { readonly _options: { defaultHeaders?: object | undefined } };
  _options.defaultHeaders = defaultHeaders;
  return client;
}
