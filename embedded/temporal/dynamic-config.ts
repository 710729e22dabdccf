/** Settings of a Temporal server that serves one Blok on one machine. */

/** Settings by name. */
export type DynamicConfig = Readonly<Record<string, number | boolean | readonly string[]>>;

/**
 * By default, a server polls each of its queues at most 20 times a second, so every hop costs up to 50 ms, and it
 * limits calls per namespace. Both limits are meant for shared clusters. Raising them brings a step from 100 ms to 6.
 */
export const DYNAMIC_CONFIG: DynamicConfig = {
  'history.transferProcessorMaxPollRPS': 100_000,
  'history.timerProcessorMaxPollRPS': 100_000,
  'history.visibilityProcessorMaxPollRPS': 100_000,
  'history.transferProcessorMaxPollHostRPS': 100_000,
  'frontend.namespaceRPS': 100_000,
  'frontend.rps': 100_000,
  // By default, schedules start 30 workflows a second: a thousand of the same minute would take half of it.
  'worker.schedulerNamespaceStartWorkflowRPS': 1_000,
  // One partition, because on one machine forwarding between partitions is only an extra hop.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'matching.enableFairness': true,
  'system.enableActivityEagerExecution': true,
  // The program's own setting reads the search attributes anew for each start and each record of a run, about nine times
  // a run, and all others wait meanwhile. Those of Blok are names, kept with the namespace, for columns that every database has.
  'system.forceSearchAttributesCacheRefreshOnRead': false,
  // While a run does one task, the server holds back what happens to it. By default, at a hundred events it throws away what
  // the run is just doing, and the run must begin again: five hundred short steps at a time would do that again and again.
  'history.maximumBufferedEventsBatch': 2_000,
  // Closes the HTTP API, which no option turns off. It would take whatever a web page makes a browser send to it. Blok
  // speaks gRPC, which no page can. A host name has no blank, so nobody can send this one.
  'frontend.httpAllowedHosts': ['no host'],
};
