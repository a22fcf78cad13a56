import { DEFAULT_GUESSES } from '@fellowship/rate-limit';
import { count, type Environment, readEnvironment } from '@fellowship/server';
import { z } from 'zod';
import type { InvitationDeps } from './invitations.ts';

const variables = z
  .object({
    NODE_ENV: z.string().optional(),
    GATEWAY_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
    APP_LINK: z
      .string()
      .regex(/^(?!javascript|data|vbscript|file)[a-z][a-z0-9+.-]*:\S*$/i, 'such as mygame://join/')
      .optional(),
    TELEGRAM_BOT: z
      .string()
      .regex(/^\w{5,32}$/, 'the user name of a bot is 5 to 32 letters, digits and underscores, without @')
      .optional(),
    LIMIT_GUESSES: count(DEFAULT_GUESSES.guesses),
    LIMIT_GUESS_SECONDS: count(DEFAULT_GUESSES.seconds),
  })
  .refine(({ NODE_ENV, GATEWAY_PUBLIC_URL }) => NODE_ENV !== 'production' || GATEWAY_PUBLIC_URL, {
    path: ['GATEWAY_PUBLIC_URL'],
    error: 'in production it must be set: where clients reach the gateway, for the links of invite codes',
  });

/**
 * What the environment says of invitations: GATEWAY_PUBLIC_URL, where clients reach the gateway; APP_LINK, what is
 * put before a code to open the game's app; TELEGRAM_BOT, a bot's user name; LIMIT_GUESSES, wrong codes that one
 * player may name in LIMIT_GUESS_SECONDS. Throws an error that names every
 * variable with a fault. An empty one is not set.
 */
export function readInvitationConfig(
  environment: Environment,
): Pick<InvitationDeps, 'gatewayUrl' | 'appLink' | 'telegramBot' | 'guesses'> {
  const data = readEnvironment(variables, environment, "The group subgraph's environment");
  const { GATEWAY_PUBLIC_URL: gatewayUrl, APP_LINK: appLink, TELEGRAM_BOT: telegramBot } = data;
  const guesses = { guesses: data.LIMIT_GUESSES, seconds: data.LIMIT_GUESS_SECONDS };
  return { appLink, telegramBot, guesses, ...(gatewayUrl && { gatewayUrl: () => gatewayUrl }) };
}
