// Hive Gateway's configuration for subscriptions: to the subgraphs over WebSocket, and each of them told whose it is by
// the client's own token, unverified, which is less than ours does.
const viewer = { authorization: '{context.headers.authorization}' };

export const gatewayConfig = {
  transportEntries: {
    '*.http': {
      headers: Object.entries(viewer),
      options: {
        subscriptions: { kind: 'ws', location: '/graphql', options: { connectionParams: viewer } },
      },
    },
  },
};
