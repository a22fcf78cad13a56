import { GraphQLError } from 'graphql';
import { coded, Refused } from '../errors.ts';
import type { AdmittedRequest } from '../graph.ts';
import { rightsOf } from './rights.ts';

/** Probes of one feed under way at a time: an event may concern everyone in it. */
const AT_ONCE = 16;

/** What the subgraph said of a subscriber's access. */
export type Verdict = { readonly may: true } | { readonly may: false; readonly error: Error };

type Probe = (request: AdmittedRequest) => Promise<void>;

const granted: Verdict = { may: true };

/** Codes with which a subgraph refuses one viewer: others may well be served. */
const PERSONAL: ReadonlySet<unknown> = new Set([
  'NOT_FOUND',
  'ACCESS_LOST',
  'FORBIDDEN',
  'UNAUTHENTICATED',
  'TOKEN_EXPIRED',
]);

export const accessLost = (): Error => coded('ACCESS_LOST', 'You can no longer see this');

/** What to tell who had access, or had none yet, and is refused. */
export function refusalAfter(admitted: boolean, error: unknown): Error {
  if (admitted && codeOf(error) === 'NOT_FOUND') return accessLost();
  return error instanceof Error ? error : new Error(String(error));
}

/** Whether the error says that this viewer may not, and nothing about the others. */
export function isPersonal(error: unknown): boolean {
  return PERSONAL.has(codeOf(error));
}

function codeOf(error: unknown): unknown {
  const [first] = error instanceof Refused ? error.errors : [error];
  return first instanceof GraphQLError ? first.extensions['code'] : undefined;
}

/**
 * Asks the subgraph for each of the holders' access, once for sockets with the same rights. Who could not be asked
 * about has no access, with the error that says why.
 */
export async function verdictsOf<Holder extends { readonly request: AdmittedRequest }>(
  holders: Iterable<Holder>,
  probe: Probe,
): Promise<Map<Holder, Verdict>> {
  const groups = Map.groupBy(holders, ({ request: { viewer } }) => (viewer ? rightsOf(viewer) : ''));
  const waiting = groups.values();
  const verdicts = new Map<Holder, Verdict>();

  async function work(): Promise<void> {
    for (const holders of waiting) {
      const verdict = await verdictOfAny(holders, probe);
      if (verdict) for (const holder of holders) verdicts.set(holder, verdict);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return verdicts;
}

/** The signal of one whose client goes ends the probe, which says nothing then. Undefined: all have gone. */
async function verdictOfAny(
  holders: readonly { readonly request: AdmittedRequest }[],
  probe: Probe,
): Promise<Verdict | undefined> {
  for (const { request } of holders) {
    if (request.signal.aborted) continue;
    const verdict = await verdictOf(request, probe);
    if (verdict.may || !request.signal.aborted) return verdict;
  }
  return undefined;
}

export async function verdictOf(request: AdmittedRequest, probe: Probe): Promise<Verdict> {
  try {
    await probe(request);
    return granted;
  } catch (error) {
    return { may: false, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
