/** Which Temporal server we run, and which ones are new enough. */

/** The server in all our programs: the downloaded CLI, and what Go builds from the `go.mod` files in `servers/`. */
export const SERVER_VERSION = '1.32.0';

/** Servers before this version have known security holes, and lack features we rely on. */
export const OLDEST_SERVER = '1.31';

/** Whether a server of this version (`1.32.0`, `1.31.0-152.1`) is too old. Unreadable versions are accepted. */
export function isTooOld(version: string): boolean {
  const [major, minor] = numbersOf(version);
  const [oldestMajor, oldestMinor] = numbersOf(OLDEST_SERVER);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

function numbersOf(version: string): readonly [major: number, minor: number] {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return [Number(major), Number(minor)];
}
