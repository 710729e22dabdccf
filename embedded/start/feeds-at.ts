/** Addresses of the services that tell prices in the playground at an address: the fields of their connection. */
export const feedsAt = (world: string) => ({
  pythUrl: `${world}/pyth`,
  jupiterUrl: `${world}/jupiter`,
  slotUrl: `${world}/jupiter/slot`,
  coingeckoUrl: `${world}/coingecko/api/v3`,
});
