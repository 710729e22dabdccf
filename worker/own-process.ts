import { refuseUnguarded } from '../integrations/network/refusing.ts';
import { loadOwnNodes } from '../integrations/own-nodes/load.ts';
import type { Telemetry } from '../telemetry/open.ts';
import { installRuntime } from './runtime.ts';

/**
 * What a process does first that is a worker, alone or together with the API: it loads the operator's own nodes, and
 * closes the ways around the guard. Tests, which go out themselves, do not begin like this.
 */
export async function beginWorkerProcess(
  { BLOK_NODES }: { readonly BLOK_NODES?: string | undefined },
  { temporalMetrics }: Pick<Telemetry, 'temporalMetrics'> = {},
): Promise<void> {
  installRuntime({ metrics: temporalMetrics });
  await loadOwnNodes(BLOK_NODES);
  refuseUnguarded();
}
