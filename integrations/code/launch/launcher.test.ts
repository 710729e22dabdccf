import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../embedded/process/wait.ts';
import { launch } from './launcher.ts';

const never = new AbortController().signal;
const ENDLESS = { program: 'blokRun(async () => { for (;;) {} }, "0")', timeoutMs: 60_000, givesWay: false };
const QUICK = { program: 'blokRun(async () => 42, "0")', timeoutMs: 5_000, givesWay: false };

/** Processes of the system: number, parent, command. */
const processes = () =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, parent, command]) => ({ pid: Number(pid), parent: Number(parent), command: command! }));
const launcherOf = (parent: number) =>
  processes().find((process) => process.parent === parent && process.command.includes('launch/main.ts'));
const childrenOf = (parent: number) => processes().filter((process) => process.parent === parent);

describe.skipIf(process.platform === 'win32')('the launcher of scripts', () => {
  let worker: ChildProcess | undefined;
  afterEach(() => worker?.kill('SIGKILL'));

  it('ends a script whose step was given up, and says why the step was', async () => {
    const controller = new AbortController();
    const running = launch('process', ENDLESS, controller.signal);
    setTimeout(() => controller.abort(new Error('not wanted any more')), 300);
    await expect(running).rejects.toThrow('not wanted any more');
    await expect(launch('process', QUICK, controller.signal)).rejects.toThrow('not wanted any more');
  });

  it('is started again when it has ended; its scripts may be tried again', async () => {
    const running = launch('process', ENDLESS, never);
    const launcher = launcherOf(process.pid)!;
    expect(await until(async () => childrenOf(launcher.pid).length > 0, { withinMs: 5_000, everyMs: 50 })).toBe(true);
    process.kill(launcher.pid, 'SIGKILL');
    expect(await running).toEqual({ kind: 'crashed', why: 'the process that starts scripts ended: SIGKILL' });
    expect(await launch('process', QUICK, never)).toMatchObject({ kind: 'answered' });
  });

  it('ends with its worker, and so do its scripts, even if the worker was killed', async () => {
    const url = JSON.stringify(new URL('./launcher.ts', import.meta.url).href);
    const code = `const { launch } = await import(${url});
      await launch('process', ${JSON.stringify(ENDLESS)}, new AbortController().signal);`;
    worker = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
    const pid = worker.pid!;
    const scripts = () => childrenOf(launcherOf(pid)?.pid ?? -1);
    expect(await until(async () => scripts().length > 0, { withinMs: 10_000, everyMs: 50 })).toBe(true);
    const started = [launcherOf(pid)!, ...scripts()].map((process) => process.pid);
    worker.kill('SIGKILL');
    const left = () => processes().filter((process) => started.includes(process.pid));
    expect(await until(async () => left().length === 0, { withinMs: 5_000, everyMs: 50 })).toBe(true);
  });

  it('keeps one child ready, gives it one script only, and does without if the child has ended', async () => {
    const ready = () => childrenOf(launcherOf(process.pid)!.pid).map(({ pid }) => pid);
    const spare = async (known: readonly number[]): Promise<number> => {
      const isNew = () => ready().length === 1 && !known.includes(ready()[0]!);
      expect(await until(async () => isNew(), { withinMs: 5_000, everyMs: 50 })).toBe(true);
      return ready()[0]!;
    };
    await launch('process', QUICK, never);
    const first = await spare([]);
    expect(await launch('process', QUICK, never)).toMatchObject({ kind: 'answered' });
    const second = await spare([first]);
    // One that gives way leaves it to others.
    expect(await launch('process', { ...QUICK, givesWay: true }, never)).toMatchObject({ kind: 'answered' });
    expect(ready()).toEqual([second]);
    process.kill(second, 'SIGKILL');
    expect(await until(async () => ready().length === 0, { withinMs: 5_000, everyMs: 50 })).toBe(true);
    expect(await launch('process', QUICK, never)).toMatchObject({ kind: 'answered' });
    await spare([first, second]);
  });

  it('keeps no process alive that waits for nothing', async () => {
    const url = JSON.stringify(new URL('./launcher.ts', import.meta.url).href);
    const code = `const { launch } = await import(${url});
      console.log((await launch('process', ${JSON.stringify(QUICK)}, new AbortController().signal)).kind);`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(said.trim()).toBe('answered');
  });
});
