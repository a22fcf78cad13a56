import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';

/** The port in this file if it is still free, so that bookmarked connections keep working; else any. */
export async function preferredPort(file: string): Promise<number> {
  const previous = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  return (previous > 0 && (await freePort(previous))) || anyFreePort();
}

/** A port of 127.0.0.1 that nobody listens on at this moment. */
export async function anyFreePort(): Promise<number> {
  const port = await freePort(0);
  if (port === undefined) throw new Error('There is no free port on 127.0.0.1.');
  return port;
}

/** The port itself (or one that the system picked for 0) if it can be listened on. */
export async function freePort(port: number): Promise<number | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
