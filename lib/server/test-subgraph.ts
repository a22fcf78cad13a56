import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { signIdentity, type Viewer } from '@fellowship/identity';
import {
  GraphQLError,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { createLog, type Logger } from './log.ts';
import type { Subgraph } from './subgraph.ts';

/** A subgraph without a database, for the tests of this package. */

export const identitySecret = randomBytes(32).toString('base64url');

export const viewer: Viewer = {
  playerId: 'a3c1bd11-7e0b-4f57-9a39-1f1f2d9a4e01',
  tenantId: 'b3c1bd11-7e0b-4f57-9a39-1f1f2d9a4e02',
  communities: [],
  scopes: [],
  expiresAt: new Date('2100-01-01T00:00:00Z'),
};

export function sign(body: string, audience = 'party', now = new Date()): Promise<string> {
  return signIdentity(identitySecret, viewer, audience, body, now);
}

interface TestContext {
  readonly number: number;
  readonly viewer: Viewer;
  readonly requestId: string;
}

const text = { type: GraphQLString };
const count = { type: new GraphQLNonNull(GraphQLInt) };

async function* countTo(limit: number, milliseconds: number) {
  for (let n = 1; n <= limit; n++) {
    await sleep(milliseconds);
    yield { n };
  }
}

/** Records what happened to it: how many contexts were made, whether it was closed, which streams ended. */
export class TestSubgraph implements Subgraph {
  readonly name = 'party';
  contexts = 0;
  isClosed = false;
  isReady = true;
  endedStreams = 0;
  readonly schema: GraphQLSchema;

  constructor() {
    this.schema = new GraphQLSchema({ query: queryType(), subscription: this.#subscriptionType() });
  }

  context(viewer: Viewer, requestId: string): TestContext {
    if (requestId === 'no-context') throw new Error('secret: no context');
    this.contexts += 1;
    return { number: this.contexts, viewer, requestId };
  }

  async ready(): Promise<void> {
    if (!this.isReady) throw new Error('secret: database is away');
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  #subscriptionType(): GraphQLObjectType {
    const endless = async function* (this: TestSubgraph) {
      try {
        yield { n: 0 };
        await sleep(600_000, undefined, { ref: false });
      } finally {
        this.endedStreams += 1;
      }
    };
    return new GraphQLObjectType<{ n: number }, TestContext>({
      name: 'Subscription',
      fields: {
        /** The number of the context that each event was executed with. */
        count: {
          ...count,
          args: { to: count },
          subscribe: (_, { to }) => countTo(to, 1),
          resolve: (_event, _args, context) => context.number,
        },
        endless: { ...count, subscribe: () => endless.call(this), resolve: ({ n }) => n },
        silent: {
          ...count,
          subscribe: () => this.#silent(),
        },
        denied: { ...text, subscribe: () => denied() },
        lost: { ...text, subscribe: () => lost(), resolve: ({ n }) => String(n) },
        broken: { ...text, subscribe: () => brokenStream(), resolve: ({ n }) => String(n) },
        brokenEvent: { ...text, subscribe: () => countTo(1, 1), resolve: () => failWithSql() },
        noStream: { ...text, subscribe: () => ({}) },
      },
    });
  }

  /** A stream that waits for its first event for ever, as most do. */
  #silent(): AsyncGenerator<never> {
    const never = new Promise<never>(() => {});
    const stream: AsyncGenerator<never> = {
      next: () => never,
      return: async () => {
        this.endedStreams += 1;
        return { done: true, value: undefined };
      },
      throw: () => never,
      [Symbol.asyncIterator]: () => stream,
      [Symbol.asyncDispose]: async () => {},
    };
    return stream;
  }
}

function queryType(): GraphQLObjectType {
  return new GraphQLObjectType<unknown, TestContext>({
    name: 'Query',
    fields: {
      me: { ...text, resolve: (_source, _args, context) => context.viewer.playerId },
      requestId: { ...text, resolve: (_source, _args, context) => context.requestId },
      echo: { ...text, args: { text }, resolve: (_source, args) => args['text'] },
      slow: { ...text, resolve: () => sleep(300, 'done') },
      denied: { ...text, resolve: denied },
      sql: { ...text, resolve: failWithSql },
      string: { ...text, resolve: throwString },
      ownCode: { ...text, resolve: failWithOwnCode },
      missing: { type: new GraphQLNonNull(GraphQLString), resolve: () => null },
    },
  });
}

function denied(): never {
  throw new GraphQLError('Needs service:combat', { extensions: { code: 'FORBIDDEN', hint: 'secret: hint' } });
}

function failWithSql(): never {
  throw new Error('secret: select * from party');
}

function throwString(): never {
  throw 'secret: a string';
}

function failWithOwnCode(): never {
  throw new GraphQLError('secret: ours alone', { extensions: { code: 'OUR_OWN' } });
}

async function* lost() {
  yield { n: 1 };
  throw new GraphQLError('No longer a member', { extensions: { code: 'ACCESS_LOST' } });
}

async function* brokenStream() {
  yield { n: 1 };
  failWithSql();
}

/** A log that keeps its entries. */
export function recordingLog(level = 'info'): { log: Logger; entries: Record<string, unknown>[] } {
  const entries: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void entries.push(JSON.parse(line)) };
  return { log: createLog({ name: 'test', level, destination }), entries };
}
