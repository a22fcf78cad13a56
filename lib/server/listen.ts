import type { FastifyInstance } from 'fastify';

export interface ListenOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Whether the next free port up will do when this one is taken. */
  readonly fallback: boolean;
  /** The environment variable that sets the port, for the error message: `GATEWAY_PORT`. */
  readonly variable: string;
}

/** Ports tried with `fallback`, the first one included. */
const MAX_TRIES = 20;

/**
 * Starts to listen and says where: the URL to open (`http://127.0.0.1:4000`, no path) and the port. Rejects when
 * the port is taken (and, with `fallback`, the next 19 too), naming the variable to set.
 */
export async function listen(
  app: FastifyInstance,
  { host, port, fallback, variable }: ListenOptions,
): Promise<{ url: string; port: number }> {
  const last = fallback ? Math.min(port + MAX_TRIES - 1, 65_535) : port;
  for (let candidate = port; candidate <= last; candidate++) {
    try {
      await app.listen({ host, port: candidate, listenTextResolver: (address) => `Listening at ${address}` });
      return addressOf(app, host);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  const taken = last === port ? `Port ${port} is taken` : `Ports ${port} to ${last} are taken`;
  throw new Error(`${taken} on ${host}: set ${variable} to a free one`);
}

function addressOf(app: FastifyInstance, host: string): { url: string; port: number } {
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  const isEverywhere = host === '0.0.0.0' || host === '::';
  const name = isEverywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${address.port}`, port: address.port };
}
