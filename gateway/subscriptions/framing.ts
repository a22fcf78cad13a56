import type { ExecutionResult } from 'graphql';
import { jsonOf } from './json.ts';

/** How results lie in the body of one HTTP response. */
export interface Framing {
  readonly contentType: string;
  /** Sent at once, so that the client sees that it is connected. */
  readonly opening: string;
  /** Sent while nothing happens, so that nobody on the way takes the connection for dead. */
  readonly heartbeat: string;
  part(result: ExecutionResult): string;
  readonly closing: string;
}

/** https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md, "distinct connections mode". */
export const eventStream: Framing = {
  contentType: 'text/event-stream; charset=utf-8',
  opening: ':\n\n',
  heartbeat: ':\n\n',
  part: (result) => `event: next\ndata: ${jsonOf(result)}\n\n`,
  closing: 'event: complete\ndata:\n\n',
};

const jsonPart = (json: string) => `\r\ncontent-type: application/json\r\n\r\n${json}\r\n--graphql`;

/**
 * https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol: a part ends with
 * the boundary of the next one, or clients would hold it back. An error that ends the subscription stands beside
 * `payload: null`.
 */
export const multipart: Framing = {
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
  opening: '--graphql',
  heartbeat: jsonPart('{}'),
  part: (result) =>
    jsonPart(
      result.data === undefined
        ? `{"payload":null,"errors":${JSON.stringify(result.errors)}}`
        : `{"payload":${jsonOf(result)}}`,
    ),
  closing: '--\r\n',
};
