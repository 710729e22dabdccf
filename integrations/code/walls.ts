/** Walls of the operating system around a script, strongest first. */
export type Wall = 'bwrap' | 'namespaces' | 'process';

/** Largest heap of a script, in MiB. */
export const HEAP_MIB = 128;
/** Writable memory of the whole child, in KiB: the heap, the runtime itself (about 50 MiB), some buffers. */
const DATA_KIB = 300_000;

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
 * - `process`: Node's permission model alone (no files, processes, threads, addons). The network is blocked only
 *   because the script's realm and the child leave nothing within reach that could use it.
 *
 * All of them have an empty environment, limits on memory, CPU time, files and core dumps (`ulimit`), no JIT compiler,
 * and no code from strings.
 */
export function commandFor(wall: Wall, code: string, cpuSeconds: number, node: string): Command {
  const limits = [`-c 0`, `-f 0`, `-t ${cpuSeconds}`, `-d ${DATA_KIB}`].map((limit) => `ulimit ${limit} 2>/dev/null`);
  const script = `${limits.join('; ')}; exec "$@"`;
  return { file: '/bin/sh', args: ['-c', script, 'sh', ...wrapper(wall, node), ...NODE_FLAGS, '-e', code] };
}

const NODE_FLAGS = [
  '--permission',
  '--disallow-code-generation-from-strings',
  '--frozen-intrinsics',
  '--no-warnings',
  // Without the compiler the process has no writable code, most engine exploits find nothing to work with, and the
  // memory limit can be tight (the compiler reserves half a gigabyte). Scripts are glue, so they can do without it.
  '--jitless',
  '--v8-pool-size=1',
  `--max-old-space-size=${HEAP_MIB}`,
  '--max-semi-space-size=4',
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
    '--new-session',
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
