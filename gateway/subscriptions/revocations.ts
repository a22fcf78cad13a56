import { type ClientTokens, InvalidToken } from '@fellowship/identity';
import type { FastifyBaseLogger } from 'fastify';

/** Whether the tokens of those who stay connected still hold. */
export interface Revocations {
  /**
   * Calls back once, with what is wrong, when the token no longer holds: the issuer has withdrawn its key. Returns
   * how to stop watching. (Its end is known from the start; see `onExpiry`.)
   */
  watch(token: string, revoked: (reason: string) => void): () => void;
  close(): void;
}

interface Watched {
  readonly token: string;
  readonly revoked: (reason: string) => void;
}

/** @param interval milliseconds between two looks */
export function createRevocations(
  clientTokens: ClientTokens,
  interval: number,
  log: FastifyBaseLogger,
): Revocations {
  const watched = new Set<Watched>();
  let looking = false;

  async function look(): Promise<void> {
    for (const each of [...watched]) {
      try {
        await clientTokens.verify(each.token);
      } catch (error) {
        // Keys that can't be had are an outage, not a denial.
        if (!(error instanceof InvalidToken)) return log.warn({ err: error }, 'Tokens can’t be verified');
        if (watched.delete(each)) each.revoked(error.message);
      }
    }
  }

  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    await look();
    looking = false;
  }, interval).unref();

  return {
    watch(token, revoked) {
      const each = { token, revoked };
      watched.add(each);
      return () => void watched.delete(each);
    },
    close: () => clearInterval(timer),
  };
}
