export { createDocuments } from './documents.ts';
export { count, databaseUrl, type Environment, natsUrl, port, readEnvironment } from './environment.ts';
export { createExecutor, type Execute, type ExecutorKind } from './execution/executor.ts';
export { subscribeWithFreshContext, withFreshContext } from './fresh-context.ts';
export {
  type Answer,
  apolloDefaults,
  GRAPHQL_PATH,
  type MountOptions,
  mountGraphql,
} from './graphql-http.ts';
export { mountSockets } from './graphql-sockets.ts';
export { createHttp, type HttpOptions } from './http.ts';
export { createJsonCache } from './json-cache.ts';
export { type ListenOptions, listen } from './listen.ts';
export { createLog, type Logger, type LogOptions } from './log.ts';
export { extensionsOf, maskError } from './mask.ts';
export type { PlainRequest } from './plain-request.ts';
export { REQUEST_ID_HEADER, requestIdFrom } from './request-id.ts';
export { type ServedSubgraph, type ServeSubgraphOptions, serveSubgraph } from './serve-subgraph.ts';
export type { Sharing } from './sharing.ts';
export { isOfServers, startHeartbeat } from './socket-health.ts';
export type { Subgraph, SubgraphName } from './subgraph.ts';
export type { SubscribeMode } from './subscribe-mode.ts';
