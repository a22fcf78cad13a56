import { setTimeout as delay } from 'node:timers/promises';
import { type Data, post } from '@fellowship/client';
import type { Outcome } from './proof.ts';

/** Milliseconds that a reply may take, and before a mutation is tried again. */
const patience = 20_000;
const retryPause = 100;

export interface Mutation {
  readonly token: string;
  readonly name: string;
  readonly input: object;
  /** What to select of the payload, beside its errors. */
  readonly payload?: string;
}

export interface Reply {
  readonly outcome: Outcome;
  readonly payload: Data;
  /** Of the first error, be it a denial or not. */
  readonly code: string | undefined;
}

/** Sends a mutation once. Only the graph's own word is `ok` or `failed`; whatever else comes, or nothing, is `unknown`. */
export async function send(url: string, { token, name, input, payload = '' }: Mutation): Promise<Reply> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { payload: ${name}(input: $input) { ${payload} errors { code } } }`;
  const late = delay(patience, undefined, { ref: false });
  const sent = post(url, { query, variables: { input } }, token).catch(() => undefined);
  const reply = await Promise.race([sent, late]);
  const done: Data = reply?.data?.payload;
  const denials = done?.errors;
  const code = denials?.[0]?.code ?? reply?.errors?.[0]?.extensions?.code;
  if (!denials) return { outcome: 'unknown', payload: undefined, code };
  return { outcome: denials.length === 0 ? 'ok' : 'failed', payload: done, code };
}

/** Sends it with its idempotency key, to one gateway or another, until one says how it went. */
export async function insist(
  anyUrl: () => string,
  mutation: Mutation,
  key: string,
): Promise<Reply & { tries: number }> {
  const keyed = { ...mutation, input: { ...mutation.input, idempotencyKey: key } };
  for (let tries = 1; ; tries += 1) {
    const reply = await send(anyUrl(), keyed);
    if (reply.outcome !== 'unknown') return { ...reply, tries };
    await delay(retryPause);
  }
}
