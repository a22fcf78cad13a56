// `pnpm bench:slow`: subscribers who stop reading, under bursts of events. What do they cost the gateway's memory?
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WebSocket } from 'ws';
import { startGraph } from './graph.ts';

const { values } = parseArgs({
  options: {
    // Members of one guild, up to 1,000.
    readers: { type: 'string', default: '200' },
    events: { type: 'string', default: '20000' },
  },
});
const [readers, events] = [Number(values.readers), Number(values.events)];
const BURST = 1_000;

setFlagsFromString('--expose_gc');
const collect: () => void = runInNewContext('gc');
/** MiB that are in use, by objects and by buffers, after a collection. */
function inUse(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

const graph = await startGraph(readers);
const query = `subscription { guildActivity(guildId: "${graph.guildId}") { id cursor occurredAt actor { id } } }`;

async function openReader(token: string): Promise<WebSocket> {
  const socket = new WebSocket(`${graph.url.replace('http', 'ws')}/graphql`, ['graphql-transport-ws']);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  await once(socket, 'message');
  socket.send(JSON.stringify({ id: 'slow', type: 'subscribe', payload: { query } }));
  return socket;
}

try {
  const sockets: WebSocket[] = [];
  for (const token of graph.tokens) sockets.push(await openReader(token));
  // All have had an event, so all are subscribed; then they stop.
  const heard = sockets.map((socket) => once(socket, 'message'));
  const nudging = setInterval(() => void graph.publish(1), 500);
  await Promise.all(heard);
  clearInterval(nudging);
  for (const socket of sockets) socket.pause();

  const before = inUse();
  let most = before;
  for (let sent = 0; sent < events; sent += BURST) {
    await graph.publish(BURST);
    await sleep(100);
    most = Math.max(most, inUse());
  }
  const closed: Promise<number>[] = sockets.map((socket) => once(socket, 'close').then(([code]) => code));
  for (const socket of sockets) socket.resume();
  const ends = await Promise.race([Promise.all(closed), sleep(20_000, undefined)]);
  const after = inUse();
  const bound = ends?.filter((code) => code === 4411).length ?? 0;
  console.log(`${readers} readers stopped reading, ${events.toLocaleString('en')} events came`);
  console.log(
    `in use: ${before.toFixed(0)} MiB before, ${most.toFixed(0)} at most, ${after.toFixed(0)} after`,
  );
  console.log(`that is ${(((most - before) * 1024) / readers).toFixed(0)} KiB a reader at most`);
  console.log(`${bound} of them were cut off as slow consumers`);
} finally {
  await graph.stop();
}
