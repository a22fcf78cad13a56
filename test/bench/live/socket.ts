import { once } from 'node:events';
import { WebSocket } from 'ws';

/** What there is to know of an event from its cursor. */
export interface Event {
  /** 1 for the first that was published, and so on. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly happened: number;
}

export interface Subscribe {
  readonly url: string;
  /** `connectionParams` */
  readonly params: object;
  readonly query: string;
  readonly onEvent: (event: Event) => void;
  /** The socket was closed, or sent anything but each event once and in order, from the first it gets. */
  readonly onFault: (error: Error) => void;
}

/** A client of a gateway with one subscription, by hand: `graphql-ws` would parse every message. */
export async function openSocket({ url, params, query, onEvent, onFault }: Subscribe): Promise<WebSocket> {
  const socket = new WebSocket(url, ['graphql-transport-ws']);
  socket.on('close', (code, reason) => onFault(new Error(`A socket was closed: ${code} ${reason}`)));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: params }));
  await once(socket, 'message');
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  let last: number | undefined;
  socket.on('message', (data) => {
    const text = String(data);
    const event = eventIn(text);
    if (!event || event.sequence !== (last ?? event.sequence - 1) + 1) {
      onFault(new Error(`After event ${last} a socket was sent ${text}`));
    } else {
      last = event.sequence;
      onEvent(event);
    }
  });
  return socket;
}

const CURSOR = '"cursor":"';

function eventIn(text: string): Event | undefined {
  const at = text.indexOf(CURSOR) + CURSOR.length;
  if (at < CURSOR.length || text.includes('"errors":')) return undefined;
  const [sequence, happened] = text.slice(at, text.indexOf('"', at)).split(' ');
  return { sequence: Number(sequence), happened: Number(happened) };
}
