import type { Logger } from '@fellowship/server';

/** A service ended at its start, and somebody else has the port that was chosen for it. */
export class PortTaken extends Error {}

const MAX_STARTS = 5;

/**
 * What `start` resolves with. Ports are chosen some seconds before they are listened on: where one was lost meanwhile,
 * all it opened is released and it is to choose anew. Rejects as `start` does the fifth time, or for another reason.
 */
export async function startWherePortsHold<Started>(
  { resources, log }: { readonly resources: AsyncDisposableStack; readonly log: Pick<Logger, 'warn'> },
  start: (resources: AsyncDisposableStack) => Promise<Started>,
): Promise<Started> {
  for (let starts = 1; ; starts++) {
    await using opened = new AsyncDisposableStack();
    try {
      const started = await start(opened);
      resources.use(opened.move());
      return started;
    } catch (error) {
      if (!(error instanceof PortTaken) || starts === MAX_STARTS) throw error;
      log.warn(`${error.message} Starting again, on others.`);
    }
  }
}
