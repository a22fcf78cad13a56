import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** 0 is any free one. */
export const port = z.coerce.number({ error: 'must be a port, 0 to 65535' }).int().min(0).max(65_535);

export const databaseUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'a postgres:// URL is needed' });

const isNatsUrl = (text: string) => URL.canParse(text) && new URL(text).protocol === 'nats:';

/** One server, or several with commas between them. */
export const natsUrl = z.string().refine((text) => text.split(',').every((each) => isNatsUrl(each.trim())), {
  error: 'a nats:// URL is needed',
});

/** A number from 1. */
export const count = (fallback: number) =>
  z.coerce.number({ error: 'must be a whole number, 1 or more' }).int().positive().default(fallback);

/**
 * What the environment says of the variables. Throws an error that names every one with a fault. An empty variable is
 * not set.
 *
 * @param whose as the error begins
 */
export function readEnvironment<Variables extends z.ZodType>(
  variables: Variables,
  environment: Environment,
  whose = 'The environment',
): z.infer<Variables> {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { success, data, error } = variables.safeParse(set);
  if (!success) throw new Error(`${whose} is not right:\n${z.prettifyError(error)}`);
  return data;
}
