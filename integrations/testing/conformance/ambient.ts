// Sets the dispatcher of all requests of the process, so that whoever sets another one later is seen.
import 'undici';

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
  const shared = sharedState();
  const timers = watchTimers();
  process.env = new Proxy(env, {
    get: (target, name) => {
      if (typeof name !== 'string') return Reflect.get(target, name);
      if (isAskedByNode()) found.add(`It reads ${name} from the environment.`);
      return target[name] ?? (TEMPTING.test(name) ? FROM_ENVIRONMENT : undefined);
    },
    set: (_, name) => {
      found.add(`It sets ${String(name)} in the environment, which is that of all nodes.`);
      return true;
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
      for (const [what, value] of sharedState()) {
        const before = shared.get(what);
        // Libraries register what they share with other copies of themselves under symbols of their own.
        const isOwnOfLibrary = !shared.has(what) && what.startsWith('Symbol(');
        if (before !== LAZY && !Object.is(before, value) && !isOwnOfLibrary) found.add(`It leaves ${what}.`);
      }
      if (timers.stop() > 0) found.add('It leaves a timer behind, which goes off when its step has ended.');
    },
  };
}

/** What belongs to all nodes of a process: what is global, the prototypes of values, and who listens to the process. */
function sharedState(): Map<string, unknown> {
  const names = (of: object) => Reflect.ownKeys(of).map((name) => [of, name] as const);
  const globals = names(globalThis).filter(([, name]) => !LENT.has(name));
  const prototypes = [Object, Array, String, Function, Promise].flatMap(({ prototype }) => names(prototype));
  return new Map<string, unknown>([
    ...globals.map(([of, name]) => [`${String(name)} in the global object`, valueAt(of, name)] as const),
    ...prototypes.map(
      ([of, name]) => [`${String(name)} in ${of.constructor.name}.prototype`, valueAt(of, name)] as const,
    ),
    ...process
      .eventNames()
      .map((name) => [`a listener to "${String(name)}" of the process`, process.listenerCount(name)] as const),
  ]);
}

/** What this watch itself replaces for a while. */
const LENT: ReadonlySet<string | symbol> = new Set(['setTimeout', 'setInterval']);

/** Stands for what Node and libraries load when it is first asked for. */
const LAZY = Symbol('lazy');

function valueAt(of: object, name: string | symbol): unknown {
  const { value, get } = Object.getOwnPropertyDescriptor(of, name) ?? {};
  return get ? LAZY : value;
}

/** Notes the timers that nodes start. @returns how many are left when it is stopped */
function watchTimers(): { stop(): number } {
  const { setTimeout: once, setInterval: again } = globalThis;
  const left = new Set<NodeJS.Timeout>();
  const noting = (start: typeof once) =>
    ((run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
      const timer = start(run, ms, ...args);
      if (isAskedByNode()) left.add(timer);
      return timer;
    }) as unknown as typeof once;
  globalThis.setTimeout = Object.assign(noting(once), once);
  globalThis.setInterval = noting(again as unknown as typeof once) as unknown as typeof again;
  return {
    stop: () => {
      Object.assign(globalThis, { setTimeout: once, setInterval: again });
      // A timer that has gone off or was cleared is destroyed.
      return [...left].filter((timer) => !(timer as unknown as { _destroyed: boolean })._destroyed).length;
    },
  };
}

/** Whether code of a node, and no library or Node itself, asked what is watched here. */
function isAskedByNode(): boolean {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const caller = frames.find((frame) => !frame.includes(import.meta.filename));
  return caller !== undefined && !/node_modules|node:|native|<anonymous>\)?$/.test(caller);
}
