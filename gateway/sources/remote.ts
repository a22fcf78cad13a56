import type { SubgraphName } from '@fellowship/server';
import { GRAPHQL_PATH } from '@fellowship/server';
import type { Logger } from 'pino';
import { type Breaker, createBreaker } from './breaker.ts';
import { DEFAULT_UPSTREAM_LIMITS, type UpstreamLimits } from './limits.ts';
import { withOpeningDeadline } from './opening.ts';
import { createRemoteFetch } from './remote-fetch.ts';
import { createRemoteSubscribe } from './remote-subscribe.ts';
import type { Source } from './source.ts';

export interface RemoteOptions {
  readonly name: SubgraphName;
  /** Such as `http://party:8084`; `/graphql` is meant where there is no path. */
  readonly url: string;
  /** Shared with the subgraph; see `signIdentity`. */
  readonly identitySecret: string;
  readonly log: Logger;
  readonly now?: () => Date;
  readonly limits?: UpstreamLimits;
}

/** What both ways of asking a remote subgraph need. */
export interface Remote {
  readonly name: SubgraphName;
  readonly endpoint: URL;
  readonly identitySecret: string;
  readonly log: Logger;
  readonly now: () => Date;
  readonly limits: UpstreamLimits;
  /** One for fetches and subscriptions: they reach the same process. */
  readonly breaker: Breaker;
}

/**
 * A subgraph in another process. Each request carries who asks, signed for it alone, and no header of the
 * client.
 */
export function createRemoteSource(options: RemoteOptions): Source {
  const { url, now = () => new Date(), limits = DEFAULT_UPSTREAM_LIMITS, ...rest } = options;
  const endpoint = new URL(url);
  if (endpoint.pathname === '/') endpoint.pathname = GRAPHQL_PATH;
  const remote: Remote = {
    ...rest,
    endpoint,
    now,
    limits,
    breaker: createBreaker(rest.name, limits, rest.log),
  };
  const { name, log } = remote;
  const { fetch, close: closeFetch } = createRemoteFetch(remote);
  const { subscribe, close: closeSubscribe } = createRemoteSubscribe(remote);
  return {
    fetch,
    subscribe: withOpeningDeadline({ name, log, timeout: limits.timeout }, subscribe),
    // It has a readiness of its own, and the rest of the graph goes on without it.
    ready: async () => {},
    async close() {
      await closeSubscribe();
      await closeFetch();
    },
  };
}
