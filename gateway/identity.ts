import { type ClientTokens, InvalidToken, type Viewer } from '@fellowship/identity';
import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { countedAs } from './address.ts';
import { coded } from './errors.ts';
import { withHttp } from './http-status.ts';
import { LEAST_PRICE } from './limits/prices.ts';
import type { Rates } from './limits/rates.ts';

const HEADER = 'The header must read "Authorization: Bearer <token>"';

/** Who sends an operation, and from where. */
export interface Sender {
  /** null: anonymous. */
  readonly viewer: Viewer | null;
  /** The token that says so, for who stays connected; see `Revocations`. */
  readonly token?: string | undefined;
  /** What its address counts as; see `countedAs`. */
  readonly address: string;
}

export interface Authentication {
  /**
   * Who sends an HTTP request: anonymous without an `Authorization` header. No other header says anything about
   * it. Throws UNAUTHENTICATED when there is one that does not hold, or RATE_LIMITED after too many of those.
   */
  ofRequest(request: Pick<FastifyRequest, 'headers' | 'ip'>): Promise<Sender>;
  /**
   * Whose token it is. Throws `InvalidToken`, or RATE_LIMITED after too many of those from the address.
   *
   * @param howTo what to tell who sends none
   */
  ofToken(token: string | undefined, address: string, howTo: string): Promise<Viewer>;
}

export function createAuthentication(clientTokens: ClientTokens, rates: Rates): Authentication {
  async function ofToken(token: string | undefined, address: string, howTo: string): Promise<Viewer> {
    try {
      if (token === undefined) throw new InvalidToken(howTo);
      return await clientTokens.verify(token);
    } catch (error) {
      if (error instanceof InvalidToken) await rates.charge({ viewer: null, address }, LEAST_PRICE);
      throw error;
    }
  }

  return {
    ofToken,
    async ofRequest({ headers: { authorization }, ip }) {
      const address = countedAs(ip);
      if (authorization === undefined) return { viewer: null, address };
      const token = bearerToken(authorization);
      try {
        return { viewer: await ofToken(token, address, HEADER), token, address };
      } catch (error) {
        if (error instanceof InvalidToken) throw withHttp(coded('UNAUTHENTICATED', error.message));
        throw error instanceof GraphQLError ? withHttp(error) : error;
      }
    },
  };
}

/** The token of an `Authorization` value, or undefined where there is none to speak of. */
export function bearerToken(authorization: unknown): string | undefined {
  if (typeof authorization !== 'string') return undefined;
  return /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
}
