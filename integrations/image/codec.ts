import { createRequire } from 'node:module';

/** The files of the library that decodes images. */
export const codec = (): string[] => [
  createRequire(import.meta.url).resolve('@silvia-odwyer/photon-node/photon_rs_bg.wasm'),
];
