import type { DevKeys } from '@fellowship/identity';
import type { GatewayConfig } from './config.ts';
import { explorerRoutes } from './explorer-routes.ts';
import { joinPage } from './join-page/join-page.ts';
import type { GatewayOptions } from './server.ts';

/**
 * The pages of the gateway: what invite links lead to, and the explorer where it is on.
 *
 * @param devKeys see `explorerRoutes`
 */
export function pages(
  { explorer }: Pick<GatewayConfig, 'explorer'>,
  devKeys: DevKeys | undefined,
): NonNullable<GatewayOptions['routes']> {
  return async (app, ask) => {
    await app.register(joinPage(ask));
    if (explorer) await explorerRoutes(devKeys)(app);
  };
}
