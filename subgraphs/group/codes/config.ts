import { z } from 'zod';
import type { InvitationDeps } from './invitations.ts';

const variables = z.object({
  GATEWAY_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  TELEGRAM_BOT: z
    .string()
    .regex(/^\w{5,32}$/, 'the user name of a bot is 5 to 32 letters, digits and underscores, without @')
    .optional(),
});

/**
 * What the environment says of invitations: GATEWAY_PUBLIC_URL, where clients reach the gateway, and TELEGRAM_BOT,
 * a bot's user name. Throws an error that names every variable with a fault. An empty one is not set.
 */
export function readInvitationConfig(
  environment: Readonly<Record<string, string | undefined>>,
): Pick<InvitationDeps, 'gatewayUrl' | 'telegramBot'> {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { success, data, error } = variables.safeParse(set);
  if (!success) throw new Error(`The group subgraph's environment is not right:\n${z.prettifyError(error)}`);
  const { GATEWAY_PUBLIC_URL: gatewayUrl, TELEGRAM_BOT: telegramBot } = data;
  return { telegramBot, ...(gatewayUrl && { gatewayUrl: () => gatewayUrl }) };
}
