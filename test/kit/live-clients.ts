import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient as createUrql, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createSse } from 'graphql-sse';
import { createClient as createWs } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Data } from './client.ts';

/** A result, or the error that ended the subscription. */
export type Heard = { data?: Data; errors?: readonly { message: string; extensions?: Data }[] };

/** A subscription read one result after the other; undefined is its end. */
export interface Hearing {
  next(): Promise<Heard | undefined>;
  stop(): Promise<void> | void;
}

interface Target {
  readonly url: string;
  readonly token: string;
}
type Listen = (target: Target, query: string, variables: Record<string, unknown>) => Hearing;

/** The clients that people use, each with the way it takes by default or as its documentation says. */
export const liveClients: Readonly<Record<string, Listen>> = {
  'graphql-ws': (target, query, variables) => {
    const client = socketOf(target);
    return hearing((sink) => client.subscribe({ query, variables }, sink), client.dispose);
  },

  'graphql-sse': (target, query, variables) => {
    const { url, headers } = httpOf(target);
    const client = createSse({ url, headers, retryAttempts: 0 });
    return hearing((sink) => client.subscribe({ query, variables }, sink), client.dispose);
  },

  '@apollo/client, multipart': (target, query, variables) => {
    const { url: uri, headers } = httpOf(target);
    return apollo(
      new ApolloClient({ link: new HttpLink({ uri, headers }), cache: noCache() }),
      query,
      variables,
    );
  },

  '@apollo/client, graphql-ws': (target, query, variables) => {
    const link = new GraphQLWsLink(socketOf(target));
    return apollo(new ApolloClient({ link, cache: noCache() }), query, variables);
  },

  'urql, graphql-ws': (target, query, variables) => {
    const socket = socketOf(target);
    const exchange = subscriptionExchange({
      forwardSubscription: (operation) => ({
        subscribe: (sink) => ({
          unsubscribe: socket.subscribe({ query: operation.query ?? '', variables }, sink as Sink),
        }),
      }),
    });
    return urql(createUrql({ url: target.url, exchanges: [exchange] }), query, variables);
  },

  'urql, text/event-stream': (target, query, variables) => {
    const { url, headers } = httpOf(target);
    const fetchOptions = { headers };
    const client = createUrql({ url, exchanges: [fetchExchange], fetchSubscriptions: true, fetchOptions });
    return urql(client, query, variables);
  },
};

function httpOf({ url, token }: Target) {
  return { url: `${url}/graphql`, headers: { authorization: `Bearer ${token}` } };
}

function socketOf({ url, token }: Target) {
  return createWs({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
}

const noCache = () => new InMemoryCache({ possibleTypes: {} });

function apollo(client: ApolloClient, query: string, variables: Record<string, unknown>): Hearing {
  return hearing(
    (sink) => {
      const subscription = client
        .subscribe({ query: gql(query), variables, fetchPolicy: 'no-cache', errorPolicy: 'all' })
        .subscribe({
          next: ({ data, error }) => sink.next({ data, ...(error && { errors: errorsOf(error) }) }),
          error: (error: unknown) => sink.error(error),
          complete: sink.complete,
        });
      return () => subscription.unsubscribe();
    },
    () => client.stop(),
  );
}

function errorsOf(error: unknown) {
  if (CombinedGraphQLErrors.is(error)) return error.errors;
  const { message, errors } = error as { message: string; errors?: Heard['errors'] };
  return errors ?? [{ message }];
}

function urql(client: ReturnType<typeof createUrql>, query: string, variables: object): Hearing {
  return hearing((sink) => {
    const { unsubscribe } = client.subscription(query, variables).subscribe(({ data, error, hasNext }) => {
      // At the end urql gives the last result again.
      if (hasNext) sink.next({ data, ...(error && { errors: error.graphQLErrors }) });
      else sink.complete();
    });
    return unsubscribe;
  });
}

interface Sink {
  next(result: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

function hearing(subscribe: (sink: Sink) => () => void, dispose = (): void | Promise<void> => {}): Hearing {
  const heard: (Heard | undefined)[] = [];
  let wake = () => {};
  const put = (result: Heard | undefined) => {
    heard.push(result);
    wake();
  };
  const unsubscribe = subscribe({
    next: (result) => put(result as Heard),
    error: (error) => {
      put({ errors: errorsOf(error) });
      put(undefined);
    },
    complete: () => put(undefined),
  });
  return {
    async next() {
      while (heard.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return heard.shift();
    },
    async stop() {
      unsubscribe();
      await dispose();
    },
  };
}
