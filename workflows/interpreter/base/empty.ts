/**
 * Empties what an activity was given, once it has ended. The SDK keeps the arguments of every activity as long as the
 * scope around it lives, which is as long as the run is in memory.
 */
export function empty(given: object): void {
  for (const key of Object.keys(given)) Reflect.deleteProperty(given, key);
}
