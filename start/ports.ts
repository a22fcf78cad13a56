import { anyFreePort, freePort } from '@fellowship/embedded-postgres';

export const USUAL_GATEWAY_PORT = 4000;

/** Ports tried from the usual one up. */
const MAX_TRIES = 20;

/** Who wants which port. */
export interface PortWish {
  readonly name: string;
  /** What the environment says; 0 is any free one, and anything else is not argued with. */
  readonly asked: number | undefined;
  readonly usual: number;
}

/** One port each, by name: where none was asked for, the usual one or the next free one above it. */
export async function choosePorts(wishes: readonly PortWish[]): Promise<ReadonlyMap<string, number>> {
  const chosen = new Map<string, number>();
  for (const { name, asked, usual } of wishes) {
    if (asked) await assertFree(name, asked);
    chosen.set(name, asked || (await findPort(asked ?? usual, new Set(chosen.values()))));
  }
  return chosen;
}

/** Else whoever has the port would answer for the process that could not get it, and be taken for ready. */
async function assertFree(name: string, port: number): Promise<void> {
  if ((await freePort(port)) !== undefined) return;
  const variable = `${name.replace(/-\d+$/, '').toUpperCase()}_PORT`;
  throw new Error(`Port ${port} is taken: ${variable} must name a free one`);
}

/** Nobody listens on the ports that were just chosen, so being free is not enough. */
async function findPort(first: number, chosen: ReadonlySet<number>): Promise<number> {
  for (let port = first; first > 0 && port < first + MAX_TRIES; port++) {
    if (!chosen.has(port) && (await freePort(port)) !== undefined) return port;
  }
  return anyFreePort();
}

/** Those of whom nobody asked for a port and who did not get their usual one. */
export function movedPorts(wishes: readonly PortWish[], ports: ReadonlyMap<string, number>): PortWish[] {
  return wishes.filter(({ name, asked, usual }) => asked === undefined && ports.get(name) !== usual);
}
