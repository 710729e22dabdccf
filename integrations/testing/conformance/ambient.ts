/** What a node did with the process that runs it, which it shares with all others. */
export interface AmbientWatch {
  /** What it read of the environment, set for everybody, or printed. */
  readonly found: ReadonlySet<string>;
  /** What it printed. */
  readonly printed: readonly string[];
  stop(): void;
}

/** Stands in variables of the environment that libraries look for: whoever sends it has taken it from there. */
export const FROM_ENVIRONMENT = 'https://environment.example/eNv7Qp3';

/** Names of variables that libraries take keys, accounts and addresses from, unless they are told not to. */
const TEMPTING = /_(API_KEY|KEY|TOKEN|SECRET|ORG_ID|PROJECT_ID|BASE_URL|ENDPOINT|HEADERS|API_VERSION)$/;
const PRINTS = ['debug', 'error', 'info', 'log', 'warn'] as const;

/**
 * Watches the environment, the console and what is global, until it is stopped. Whatever a library asks the environment for
 * that looks like a key or an address is there.
 */
export function watchAmbient(): AmbientWatch {
  const found = new Set<string>();
  const printed: string[] = [];
  const { env } = process;
  const before = new Set(Object.getOwnPropertyNames(globalThis));
  process.env = new Proxy(env, {
    get: (target, name) => {
      if (typeof name !== 'string') return Reflect.get(target, name);
      if (isAskedByNode()) found.add(`It reads ${name} from the environment.`);
      return target[name] ?? (TEMPTING.test(name) ? FROM_ENVIRONMENT : undefined);
    },
  });
  const real = Object.fromEntries(PRINTS.map((name) => [name, console[name]]));
  const write = process.stdout.write;
  const print = (...said: unknown[]): void => {
    printed.push(said.map(String).join(' '));
    if (isAskedByNode()) found.add('It prints: use ctx.log.');
  };
  Object.assign(console, Object.fromEntries(PRINTS.map((name) => [name, print])));
  process.stdout.write = ((...args: Parameters<typeof write>) => {
    print(args[0]);
    return write.apply(process.stdout, args);
  }) as typeof write;
  return {
    found,
    printed,
    stop: () => {
      process.env = env;
      process.stdout.write = write;
      Object.assign(console, real);
      for (const name of Object.getOwnPropertyNames(globalThis))
        if (!before.has(name)) found.add(`It leaves ${name} in the global object.`);
    },
  };
}

/** Whether code of a node, and no library or Node itself, asked what is watched here. */
function isAskedByNode(): boolean {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const caller = frames.find((frame) => !frame.includes(import.meta.filename));
  return caller !== undefined && !/node_modules|node:|native|<anonymous>\)?$/.test(caller);
}
