// What must hold when all is quiet again. Pure: given what was sent, what was heard and what the database holds.

/** How a client was told that its mutation went; `unknown`: it was not told. */
export type Outcome = 'ok' | 'failed' | 'unknown';

export interface Sent {
  /** Found again in what the mutation did. */
  readonly marker: string;
  readonly outcome: Outcome;
}

export interface MutationVerdict {
  readonly ok: number;
  readonly failed: number;
  readonly unknown: number;
  /** Markers of those that were ok and did nothing, failed and did something, or did it more than once. */
  readonly lost: readonly string[];
  readonly undead: readonly string[];
  readonly repeated: readonly string[];
  /** What nobody sent. */
  readonly phantom: readonly string[];
}

/** Ok exactly once, failed never, unknown at most once; `effects` by marker: how often it was done. */
export function judgeMutations(sent: readonly Sent[], effects: ReadonlyMap<string, number>): MutationVerdict {
  const markers = new Set(sent.map(({ marker }) => marker));
  const times = (marker: string) => effects.get(marker) ?? 0;
  const of = (outcome: Outcome) => sent.filter((each) => each.outcome === outcome);
  const markersOf = (those: readonly Sent[]) => those.map(({ marker }) => marker);
  return {
    ok: of('ok').length,
    failed: of('failed').length,
    unknown: of('unknown').length,
    lost: markersOf(of('ok').filter(({ marker }) => times(marker) === 0)),
    undead: markersOf(of('failed').filter(({ marker }) => times(marker) > 0)),
    repeated: markersOf(sent.filter(({ marker }) => times(marker) > 1)),
    phantom: [...effects.keys()].filter((marker) => !markers.has(marker)),
  };
}

export interface DeliveryVerdict {
  readonly committed: number;
  readonly delivered: number;
  readonly missing: number;
  readonly repeated: number;
  readonly phantom: number;
  readonly inOrder: boolean;
}

/** Delivered = committed, once each, in order. */
export function judgeDelivery(delivered: readonly string[], committed: readonly string[]): DeliveryVerdict {
  const once = new Set(delivered);
  const known = new Set(committed);
  const expected = committed.filter((id) => once.has(id));
  const first = [...once].filter((id) => known.has(id));
  return {
    committed: committed.length,
    delivered: delivered.length,
    missing: committed.length - expected.length,
    repeated: delivered.length - once.size,
    phantom: once.size - first.length,
    inOrder: first.every((id, index) => id === expected[index]),
  };
}

export interface LedgerEntry {
  readonly sequence: bigint;
  readonly amount: bigint;
  /** What there was afterwards. */
  readonly balance: bigint;
}

/** What is wrong with a ledger beside what is held: nothing, or a sentence each. */
export function ledgerFaults(entries: readonly LedgerEntry[], held: bigint): string[] {
  const faults: string[] = [];
  let [sequence, balance] = [0n, 0n];
  for (const entry of entries) {
    sequence += 1n;
    balance += entry.amount;
    if (entry.sequence !== sequence) faults.push(`entry ${entry.sequence} stands at place ${sequence}`);
    if (entry.balance !== balance)
      faults.push(`after entry ${sequence} there is ${entry.balance}, not ${balance}`);
    if (balance < 0n) faults.push(`after entry ${sequence} there is less than nothing`);
    [sequence, balance] = [entry.sequence, entry.balance];
  }
  if (held !== balance) faults.push(`${held} is held, the ledger says ${balance}`);
  return faults;
}

export const provesMutations = ({ lost, undead, repeated, phantom }: MutationVerdict) =>
  lost.length + undead.length + repeated.length + phantom.length === 0;

export const provesDelivery = ({ missing, repeated, phantom, inOrder }: DeliveryVerdict) =>
  missing + repeated + phantom === 0 && inOrder;
