/** Walls of the operating system around a script, strongest first. */
export type Wall = 'bwrap' | 'namespaces' | 'process';

/** Largest heap of a script, in MiB. */
export const HEAP_MIB = 128;
/** Largest heap of a parser, in MiB. */
const PARSER_HEAP_MIB = 512;

/** What a child may use, and how its Node runs. */
export interface Allowance {
  /** Writable memory of the whole child, in KiB: the heap, the runtime itself (about 50 MiB), some buffers. */
  readonly dataKib: number;
  readonly flags: readonly string[];
}

/** A script of an author. */
export const SCRIPT: Allowance = {
  dataKib: 300_000,
  flags: [
    '--frozen-intrinsics',
    // Without the compiler the process has no writable code, most engine exploits find nothing to work with, and the
    // memory limit can be tight (the compiler reserves half a gigabyte). Scripts are glue, so they can do without it.
    '--jitless',
    `--max-old-space-size=${HEAP_MIB}`,
    '--max-semi-space-size=4',
  ],
};

/**
 * A parser of ours, which reads bytes of others. It needs the compiler: without one, a parser takes ten times as long and
 * WebAssembly does not run. The code that it compiles is ours, and no document can add to it.
 */
export const PARSER: Allowance = {
  dataKib: 1_400_000,
  flags: [`--max-old-space-size=${PARSER_HEAP_MIB}`, '--max-semi-space-size=16'],
};

/** Where the system keeps its tools. The worker's own PATH, like the rest of its environment, is not passed on. */
export const TOOLS =
  '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/wrappers/bin:/run/current-system/sw/bin';

/** Nice value of the session of a child that uses only what others leave of the processor. */
export const NICE_OF_SESSION = 16;

/** What a child runs, and how. */
export interface ChildOptions {
  readonly code: string;
  readonly cpuSeconds: number;
  /** The Node binary. */
  readonly node: string;
  /** The child uses only what others leave of the processor. */
  readonly givesWay: boolean;
  /** Default: that of scripts. */
  readonly allowance?: Allowance;
}

/** The command line of a child behind a wall. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * The command that runs `node -e <code>` behind a wall.
 *
 * - `bwrap` (bubblewrap): own user, process, mount, network, IPC and host name namespaces, no capabilities; of the file
 *   system only the Node binary and the system's libraries, read-only.
 * - `namespaces` (util-linux `unshare`): the same namespaces and no capabilities, but only Node's permission model
 *   blocks the file system.
 * - `process`: Node's permission model alone (no files, processes, threads, addons). The network, and signals to other
 *   processes of the same user, are blocked only because the script's realm and the child leave nothing within reach that
 *   could use them. A worker that runs as root gives its scripts to another user if it can.
 *
 * All of them have a session of their own, an empty environment, limits on memory, CPU time, files and core dumps
 * (`ulimit`), and no code from strings. Scripts have no JIT compiler either.
 */
export function commandFor(wall: Wall, options: ChildOptions): Command {
  const { code, cpuSeconds, node, givesWay, allowance = SCRIPT } = options;
  // Of processor time, the soft limit comes first: its signal says why the child ended, that of the hard one does not.
  const time = [`-S -t ${cpuSeconds}`, `-H -t ${cpuSeconds + 1}`];
  const limits = [`-c 0`, `-f 0`, ...time, `-d ${allowance.dataKib}`].map((limit) => `ulimit ${limit} 2>/dev/null`);
  const steps = [
    ...limits,
    ...(wall === 'process' && process.getuid?.() === 0 ? [asNobody(node)] : []),
    ...(MAKES_SESSION ? [ownSession(wall, givesWay)] : []),
    AFTER_OTHERS,
    ...(givesWay ? [WHEN_IDLE] : []),
  ];
  return {
    file: '/bin/sh',
    args: [
      '-c',
      `${steps.join('; ')}; exec "$@"`,
      'sh',
      ...wrapper(wall, node),
      ...NODE_FLAGS,
      ...allowance.flags,
      '-e',
      code,
    ],
  };
}

/**
 * Gives the child a session of its own. Otherwise the child could signal the worker with its process group, even across
 * a wall of process namespaces. Where there is no `setsid`, as on macOS, whoever starts the child does this.
 */
function ownSession(wall: Wall, givesWay: boolean): string {
  // One session is enough, and only the outer one can be told to leave the processor to others (`give-way.ts`).
  const otherwise = wall === 'bwrap' ? ' else shift; set -- bwrap --new-session "$@";' : '';
  return `if command -v setsid >/dev/null; then set -- setsid ${sessionOf(givesWay ? NICE_OF_SESSION : 4)} "$@";${otherwise} fi`;
}

/** The servers of the installation go before scripts when the processor is short. */
const AFTER_OTHERS = 'if command -v nice >/dev/null; then set -- nice -n 5 "$@"; fi';

/**
 * Linux takes a processor with nothing but such work for one that is free, and gives it to a server that wakes up. However nice it
 * is, other work keeps its processor for milliseconds, and a server waits for each of its turns. Not everybody may say so.
 */
const WHEN_IDLE = 'if chrt --idle 0 true 2>/dev/null; then set -- chrt --idle 0 "$@"; fi';

/**
 * Kernels that share the processor among sessions (`sched_autogroup_enabled`) would give each script as much of it as the
 * whole worker, or Temporal's whole server, has.
 */
const sessionOf = (nice: number): string =>
  `/bin/sh -c '{ echo ${nice} >/proc/self/autogroup; } 2>/dev/null; exec "$@"' sh`;

/** Whether the command makes the child's session; if not, the child must be started detached. */
export const MAKES_SESSION = process.platform === 'linux';

/**
 * A worker that runs as root gives its scripts to another user, who may not signal it. Not every machine has `setpriv`,
 * and Node may be in a folder that only root can read: then the script stays with root.
 */
function asNobody(node: string): string {
  const nobody = 'setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs';
  return `if ${nobody} test -x '${node.replaceAll("'", "'\\''")}' 2>/dev/null; then set -- ${nobody} "$@"; fi`;
}

const NODE_FLAGS = [
  '--permission',
  // SIGUSR1 does not open the child to a debugger either.
  '--disable-sigusr1',
  '--disallow-code-generation-from-strings',
  '--no-warnings',
  '--v8-pool-size=1',
];

function wrapper(wall: Wall, node: string): string[] {
  if (wall === 'process') return ['env', '-i', node];
  if (wall === 'namespaces') {
    return [
      'unshare',
      '--user',
      '--map-root-user',
      '--net',
      '--ipc',
      '--uts',
      '--pid',
      '--mount',
      '--fork',
      '--kill-child=SIGKILL',
      'setpriv',
      '--no-new-privs',
      '--bounding-set=-all',
      '--inh-caps=-all',
      'env',
      '-i',
      node,
    ];
  }
  const libraries = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/usr/local/lib', '/nix/store'];
  return [
    'bwrap',
    '--unshare-all',
    '--clearenv',
    '--cap-drop',
    'ALL',
    '--die-with-parent',
    ...libraries.flatMap((path) => ['--ro-bind-try', path, path]),
    '--ro-bind',
    node,
    '/node',
    '--dev',
    '/dev',
    '--chdir',
    '/',
    '--',
    '/node',
  ];
}
