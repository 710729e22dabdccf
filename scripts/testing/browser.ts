import { type Browser, chromium } from 'playwright-core';
import { findChromium } from './needs.ts';

/** Flags with which Chromium runs as root and sends no requests to the outside. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the Chromium of this machine. Only in tests that need `chromium`. */
export const launchBrowser = (...flags: readonly string[]): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium()!, args: [...FLAGS, ...flags] });
