import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';

/** How Apollo Server and lib/server read the HTTP side of an error: `extensions.http`, which does not leave. */
export interface Http {
  readonly status: number;
  readonly headers?: HeaderMap;
}

/** The error with what it means in HTTP, for a response that holds nothing else; see RFC 6750, 3 and RFC 6585, 4. */
export function withHttp(error: GraphQLError): GraphQLError {
  const http = httpOf(error);
  const { message, path, extensions } = error;
  return http ? new GraphQLError(message, { path, extensions: { ...extensions, http } }) : error;
}

function httpOf({ extensions: { code, retryAfter } }: GraphQLError): Http | undefined {
  switch (code) {
    case 'UNAUTHENTICATED':
      return { status: 401, headers: new HeaderMap([['www-authenticate', 'Bearer']]) };
    case 'RATE_LIMITED':
      return { status: 429, headers: new HeaderMap([['retry-after', String(retryAfter ?? 1)]]) };
    case 'INTERNAL_SERVER_ERROR':
      return { status: 500 };
    default:
      return undefined;
  }
}
