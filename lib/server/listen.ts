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

/** Ports tried with `fallback`, the first one included, before any free one will do. */
const MAX_TRIES = 20;

/**
 * Starts to listen and says where: the URL to open (`http://127.0.0.1:4000`, no path) and the port. Rejects when
 * the port is taken, naming the variable to set. With `fallback` it takes the next free one instead, or any.
 */
export async function listen(
  app: FastifyInstance,
  { host, port, fallback, variable }: ListenOptions,
): Promise<{ url: string; port: number }> {
  const next = Array.from({ length: MAX_TRIES }, (_, n) => port + n).filter((each) => each <= 65_535);
  for (const candidate of fallback ? [...next, 0] : [port]) {
    try {
      await app.listen({ host, port: candidate, listenTextResolver: (address) => `Listening at ${address}` });
      return addressOf(app, host);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error(`Port ${port} is taken on ${host}: set ${variable} to a free one`);
}

function addressOf(app: FastifyInstance, host: string): { url: string; port: number } {
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  const isEverywhere = host === '0.0.0.0' || host === '::';
  const name = isEverywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${address.port}`, port: address.port };
}
