// `node test/bench/live/events.ts <port>`: the guild subgraph, of which there is only `guildActivity`. What happens is
// what it is told over a WebSocket at `/publish`: a number of events. Like the other subgraphs that gateways are
// measured over it asks nobody who he is, and an event's JSON is made once for all who sent the same query.
import { createServer } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { loadTypeDefs } from '@fellowship/graphql';
import { type DocumentNode, execute, parse } from 'graphql';
import { MessageType, type SubscribeMessage } from 'graphql-ws';
import { v5 as uuid } from 'uuid';
import { type WebSocket, WebSocketServer } from 'ws';

/** Players who do something, in turns. */
const ACTORS = 500;
const NAMESPACE = '8a0f6c52-41f5-4e0b-9d5e-6a3c1f0c7be4';
const actors = Array.from({ length: ACTORS }, (_, nth) => uuid(`${nth}`, NAMESPACE));

interface Subscription {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  send(result: string): void;
}

const schema = buildSubgraphSchema([{ typeDefs: loadTypeDefs('guild') }]);
const documents = new Map<string, DocumentNode>();
const subscriptions = new Set<Subscription>();
let sequence = 0;

/** When it happened is in its cursor, which every client selects: `occurredAt` says it in milliseconds only. */
function nextEvent(): object {
  sequence += 1;
  const actor = actors[sequence % ACTORS];
  return {
    __typename: 'GuildUpdated',
    id: actor,
    cursor: `${sequence} ${performance.timeOrigin + performance.now()}`,
    occurredAt: new Date().toISOString(),
    actor: { id: actor },
  };
}

function publish(): void {
  const rootValue = { guildActivity: nextEvent() };
  /** Of each query; its one variable is the guild, and there is only one. */
  const results = new Map<string, string>();
  for (const { query, variables, send } of subscriptions) {
    const result = results.get(query) ?? resultOf(query, variables, rootValue);
    results.set(query, result);
    send(result);
  }
}

function resultOf(query: string, variableValues: Subscription['variables'], rootValue: object): string {
  const document = documents.get(query) ?? parse(query);
  documents.set(query, document);
  return JSON.stringify(execute({ schema, document, rootValue, variableValues }));
}

/** What gateways say of the protocol graphql-transport-ws, by hand: a server's work an event is not what is measured. */
function converse(socket: WebSocket): void {
  const own = new Map<string, Subscription>();
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === MessageType.ConnectionInit) socket.send('{"type":"connection_ack"}');
    if (message.type === MessageType.Ping) socket.send('{"type":"pong"}');
    if (message.type === MessageType.Subscribe) subscribe(message);
    if (message.type === MessageType.Complete) release(message.id);
  });
  socket.on('close', () => {
    for (const subscription of own.values()) subscriptions.delete(subscription);
  });

  function subscribe({ id, payload: { query, variables } }: SubscribeMessage): void {
    const head = `{"id":"${id}","type":"next","payload":`;
    const subscription = {
      query,
      variables: variables ?? {},
      send: (result: string) => socket.send(`${head}${result}}`),
    };
    own.set(id, subscription);
    subscriptions.add(subscription);
  }

  function release(id: string): void {
    const subscription = own.get(id);
    if (subscription) subscriptions.delete(subscription);
    own.delete(id);
  }
}

const server = createServer();
const sockets = new WebSocketServer({ server });
sockets.on('connection', (socket, { url }) => {
  if (url !== '/publish') return converse(socket);
  sequence = 0;
  return socket.on('message', (count) => {
    for (let left = Number(count); left > 0; left -= 1) publish();
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1');
