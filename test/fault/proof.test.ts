import fc from 'fast-check';
import { describe, test } from 'vitest';
import {
  judgeDelivery,
  judgeMutations,
  type LedgerEntry,
  ledgerFaults,
  type Outcome,
  provesDelivery,
  provesMutations,
  type Sent,
} from './proof.ts';

const name = fc.string({ minLength: 1 });
/** Things that are all different, and a place among them. */
const someAndPlace = (least: number) =>
  fc
    .uniqueArray(name, { minLength: least, maxLength: 40 })
    .chain((things) => fc.tuple(fc.constant(things), fc.nat({ max: things.length - 1 })));

describe('delivery', () => {
  const proven = (delivered: readonly string[], committed: readonly string[]) =>
    provesDelivery(judgeDelivery(delivered, committed));
  const same = (some: readonly string[], others: readonly string[]) =>
    some.every((each, index) => each === others[index]);

  test('of all that was committed, in its order, is proven', () => {
    fc.assert(fc.property(someAndPlace(1), ([all]) => proven(all, all)));
  });
  test('that lost one anywhere is not', () => {
    fc.assert(fc.property(someAndPlace(1), ([all, place]) => !proven(all.toSpliced(place, 1), all)));
  });
  test('of one twice, wherever the second comes, is not', () => {
    const twice = (all: string[], place: number, to: number) =>
      all.toSpliced(to % (all.length + 1), 0, String(all[place]));
    fc.assert(
      fc.property(someAndPlace(1), fc.nat(), ([all, place], to) => !proven(twice(all, place, to), all)),
    );
  });
  test('of one that was never committed is not', () => {
    fc.assert(fc.property(someAndPlace(2), ([all, place]) => !proven(all, all.toSpliced(place, 1))));
  });
  test('in any other order is not', () => {
    const reordered = someAndPlace(2).chain(([all]) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(fc.property(reordered, ([all, other]) => proven(other, all) === same(other, all)));
  });
});

describe('mutations', () => {
  const proven = (sent: readonly Sent[], effects: ReadonlyMap<string, number>) =>
    provesMutations(judgeMutations(sent, effects));
  const outcome = fc.constantFrom<Outcome>('ok', 'failed', 'unknown');
  /** A run that holds: what was sent, and what it did; an unknown one may have or not. */
  const run = fc
    .uniqueArray(fc.tuple(name, outcome, fc.boolean()), {
      minLength: 1,
      maxLength: 40,
      selector: ([marker]) => marker,
    })
    .map((all) => {
      const sent: Sent[] = all.map(([marker, outcome]) => ({ marker, outcome }));
      const done = all.filter(
        ([, outcome, happened]) => outcome === 'ok' || (outcome === 'unknown' && happened),
      );
      return { sent, effects: new Map(done.map(([marker]) => [marker, 1])) };
    });
  const changed = (effects: ReadonlyMap<string, number>, marker: string, times: number) => {
    const other = new Map(effects);
    if (times === 0) other.delete(marker);
    else other.set(marker, times);
    return other;
  };

  test('ok once, failed never, unknown at most once: proven', () => {
    fc.assert(fc.property(run, ({ sent, effects }) => proven(sent, effects)));
  });
  test('any one that does otherwise is caught', () => {
    fc.assert(
      fc.property(run, fc.nat(), fc.nat({ max: 3 }), ({ sent, effects }, nth, times) => {
        const { marker, outcome } = sent[nth % sent.length] as Sent;
        const holds = { ok: times === 1, failed: times === 0, unknown: times <= 1 }[outcome];
        return proven(sent, changed(effects, marker, times)) === holds;
      }),
    );
  });
  test('one that nobody sent is caught', () => {
    fc.assert(
      fc.property(run, name, ({ sent, effects }, marker) => {
        fc.pre(sent.every((each) => each.marker !== marker));
        return !proven(sent, changed(effects, marker, 1));
      }),
    );
  });
});

describe('a ledger', () => {
  const amounts = fc.array(fc.bigInt({ min: 1n, max: 1_000n }), { minLength: 1, maxLength: 40 });
  const ledgerOf = (amounts: readonly bigint[]): LedgerEntry[] => {
    let balance = 0n;
    return amounts.map((amount, index) => {
      balance += amount;
      return { sequence: BigInt(index + 1), amount, balance };
    });
  };
  const held = (entries: readonly LedgerEntry[]) => entries.at(-1)?.balance ?? 0n;

  test('that adds up has no faults', () => {
    fc.assert(
      fc.property(amounts, (amounts) => {
        const entries = ledgerOf(amounts);
        return ledgerFaults(entries, held(entries)).length === 0;
      }),
    );
  });
  test('that lacks an entry, has one twice or another amount, or less is held than it says, has', () => {
    fc.assert(
      fc.property(amounts, fc.nat(), (amounts, nth) => {
        const entries = ledgerOf(amounts);
        const place = nth % entries.length;
        const entry = entries[place] as LedgerEntry;
        const wrong = [
          [entries.toSpliced(place, 1), held(entries)],
          [entries.toSpliced(place, 0, entry), held(entries)],
          [entries.with(place, { ...entry, amount: entry.amount + 1n }), held(entries)],
          [entries, held(entries) - 1n],
        ] as const;
        return wrong.every(([those, holding]) => ledgerFaults(those, holding).length > 0);
      }),
    );
  });
});
