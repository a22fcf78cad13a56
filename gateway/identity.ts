import { HeaderMap } from '@apollo/server';
import { type ClientTokens, InvalidToken, type Viewer } from '@fellowship/identity';
import { GraphQLError } from 'graphql';

/** The token of an `Authorization` value, or undefined where there is none to speak of. */
export function bearerToken(authorization: unknown): string | undefined {
  if (typeof authorization !== 'string') return undefined;
  return /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
}

/**
 * Who sends an HTTP request: null without an `Authorization` header. No other header says anything about it.
 * Throws UNAUTHENTICATED (HTTP 401) when there is one that does not hold.
 */
export async function authenticate(
  clientTokens: ClientTokens,
  authorization: string | undefined,
): Promise<Viewer | null> {
  if (authorization === undefined) return null;
  const token = bearerToken(authorization);
  if (token === undefined) throw unauthenticated('The header must read "Authorization: Bearer <token>"');
  try {
    return await clientTokens.verify(token);
  } catch (error) {
    throw error instanceof InvalidToken ? unauthenticated(error.message) : error;
  }
}

/** The HTTP side of UNAUTHENTICATED, as Apollo Server reads it (RFC 6750, section 3). */
export const UNAUTHORIZED = { status: 401, headers: new HeaderMap([['www-authenticate', 'Bearer']]) };

function unauthenticated(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', http: UNAUTHORIZED } });
}
