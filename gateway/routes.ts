import type { DevKeys } from '@fellowship/identity';
import type { RateStore } from '@fellowship/rate-limit';
import type { GatewayConfig } from './config.ts';
import { explorerRoutes } from './explorer-routes.ts';
import { joinPage } from './join-page/join-page.ts';
import type { GatewayOptions } from './server.ts';

/**
 * The pages of the gateway: what invite links lead to, and the explorer where it is on.
 *
 * @param devKeys see `explorerRoutes`
 * @param rates where wrong codes are counted
 */
export function pages(
  { explorer, guesses }: Pick<GatewayConfig, 'explorer' | 'guesses'>,
  devKeys: DevKeys | undefined,
  rates: RateStore,
): NonNullable<GatewayOptions['routes']> {
  return async (app, ask) => {
    await app.register(joinPage(ask, rates, guesses));
    if (explorer) await explorerRoutes(devKeys)(app);
  };
}
