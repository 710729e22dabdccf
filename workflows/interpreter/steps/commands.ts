import { isCancellation, sleep } from '@temporalio/workflow';
import { type Command, settleEvaluation, timerFired } from '../../../graph/sandbox.ts';
import { type Driver, post } from '../base/driver.ts';
import { Scope } from '../base/scope.ts';
import { cancelEach, startEach } from './chains.ts';
import { startEffect } from './effect.ts';
import { runEvaluate } from './evaluate.ts';
import { keepLarge } from './keep.ts';
import { cancelExternal } from './messages.ts';
import { noteWaits, writeWaits } from './waits.ts';

/** Carries out the reducer's new commands. It only starts things; their results go to the inbox. */
export function carryOut(driver: Driver): void {
  const { run } = driver;
  for (const command of run.commands.splice(0)) carryOutOne(driver, command);
  writeWaits(driver);
}

function carryOutOne(driver: Driver, command: Command): void {
  const { run } = driver;
  switch (command.do) {
    case 'effect':
      startEffect(driver, command.call);
      break;
    case 'evaluate': {
      const { call } = command;
      inScope(
        driver,
        call.path,
        () => runEvaluate(driver, call),
        (result) => settleEvaluation(run, call.path, result),
      );
      break;
    }
    case 'keep': {
      const { call } = command;
      inScope(
        driver,
        call.path,
        () => keepLarge(driver, call),
        (value) => settleEvaluation(run, call.path, { ok: true, value }),
      );
      break;
    }
    case 'timer':
      startTimer(driver, command.key, command.at, command.label);
      break;
    case 'clearTimer':
      driver.scopes.get(command.key)?.cancel();
      break;
    case 'cancelEffect':
      if (driver.children.has(command.path)) cancelExternal(driver, driver.children.get(command.path)!);
      else driver.effects.get(command.path)?.cancel();
      break;
    case 'each':
      startEach(driver, command.call);
      break;
    case 'cancelEach':
      cancelEach(driver, command.path);
      break;
    case 'waits':
      noteWaits(driver, command.opened);
      break;
    case 'end':
      for (const scope of driver.scopes.values()) scope.cancel();
      break;
  }
}

/** One Temporal timer for a deadline of the run, however far away. */
export function startTimer(driver: Driver, key: string, at: number, label: string): void {
  inScope(
    driver,
    key,
    () => sleep(Math.max(1, at - driver.run.now), { summary: label.slice(0, 100) }),
    () => timerFired(driver.run, key),
  );
}

/** Does work in a scope of its own that can be cancelled by key. Cancelled work settles nothing. */
function inScope<T>(driver: Driver, key: string, work: () => Promise<T>, settle: (result: T) => void): void {
  const scope = new Scope({ cancellable: true, parent: driver.scope });
  const forget = (): void => {
    if (driver.scopes.get(key) === scope) driver.scopes.delete(key);
  };
  driver.scopes.set(key, scope);
  scope.run(work).then(
    (result) => {
      forget();
      post(driver, () => settle(result));
    },
    (thrown) => {
      forget();
      if (!isCancellation(thrown)) throw thrown;
    },
  );
}
