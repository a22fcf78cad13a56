import type { Happened } from './inflict.ts';
import type { Proof } from './load.ts';
import { provesDelivery, provesMutations } from './proof.ts';

/** Prints what happened and what holds, as Markdown, and returns whether all of it does. */
export function printTables(
  happened: readonly Happened[],
  { mutations, deliveries, ledger, odd, bus }: Proof,
  say: (text: string) => void,
): boolean {
  const verdict = (holds: boolean) => (holds ? 'holds' : '**FAILS**');
  table(
    ['fault', 'times', 'what was checked', 'verdict'],
    happened.map(({ name, times, checked, failed }) => [name, times, checked, verdict(!failed)]),
  );
  table(
    ['mutations', 'ok', 'failed', 'unknown', 'lost', 'undead', 'repeated', 'phantom', 'verdict'],
    [...mutations].map(([name, of]) => [
      name,
      of.ok,
      of.failed,
      of.unknown,
      ...[of.lost, of.undead, of.repeated, of.phantom].map(({ length }) => length),
      verdict(provesMutations(of)),
    ]),
  );
  table(
    ['log', 'committed', 'delivered', 'missing', 'repeated', 'phantom', 'in order', 'resumed', 'verdict'],
    deliveries.map((each) => [
      each.log,
      each.committed,
      each.delivered,
      each.missing,
      each.repeated,
      each.phantom,
      each.inOrder ? 'yes' : 'NO',
      each.resumed,
      verdict(provesDelivery(each)),
    ]),
  );
  for (const fault of [...ledger.map((each) => `Bank: ${each}`), ...odd, ...bus]) say(`FAILED: ${fault}`);
  const holds =
    happened.every(({ failed }) => !failed) &&
    [...mutations.values()].every(provesMutations) &&
    deliveries.every(provesDelivery) &&
    ledger.length + odd.length + bus.length === 0;
  say(
    holds
      ? 'PROVEN: ok exactly once, failed never, unknown at most once; the ledger balances; delivered = committed = on the bus.'
      : 'FAILED: see above.',
  );
  return holds;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  console.log(['', line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n'));
}
