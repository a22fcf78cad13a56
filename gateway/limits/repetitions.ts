import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';
import { fragmentsOf, operationsOf } from './measure.ts';

/** A selection set, and the fragments that it stands in: whose spreads in it go in a circle. */
interface Part {
  readonly set: SelectionSetNode;
  readonly within: ReadonlySet<string>;
}

const OUTSIDE: ReadonlySet<string> = new Set();
/** The name under which all spreads at a place are counted. No field's. */
const SPREADS = '...';

/**
 * Pairs of selections that have one name at one place of an answer, and of fragments there. Validation compares all
 * of them (OverlappingFieldsCanBeMerged): 137 ms, measured for what a document of 1,000 selections can have. Some
 * number above `most` as soon as it is passed.
 *
 * @param selections that an operation has at most, its fragments expanded; safe on documents that go in circles
 */
export function repetitionsOf(document: DocumentNode, most: number, selections: number): number {
  const fragments = fragmentsOf(document);
  const spread = new Set<string>();
  let pairs = 0;
  let left = 0;

  function count(set: SelectionSetNode): void {
    left = selections;
    visit([{ set, within: OUTSIDE }]);
  }

  function visit(parts: readonly Part[]): void {
    const times = new Map<string, number>();
    const below = new Map<string, Part[]>();
    const here = new Set<string>();

    function collect({ set, within }: Part): void {
      for (const selection of set.selections) {
        if (pairs > most) return;
        if (left-- === 0) pairs = Number.POSITIVE_INFINITY;
        else if (selection.kind === Kind.INLINE_FRAGMENT) collect({ set: selection.selectionSet, within });
        else if (selection.kind === Kind.FRAGMENT_SPREAD) collectFragment(selection.name.value, within);
        else {
          const name = (selection.alias ?? selection.name).value;
          add(name);
          if (!selection.selectionSet) continue;
          const parts = below.get(name) ?? [];
          below.set(name, parts);
          parts.push({ set: selection.selectionSet, within });
        }
      }
    }

    function collectFragment(name: string, within: ReadonlySet<string>): void {
      add(SPREADS);
      spread.add(name);
      const fragment = fragments.get(name);
      if (!fragment || here.has(name) || within.has(name)) return;
      here.add(name);
      collect({ set: fragment.selectionSet, within: new Set(within).add(name) });
    }

    function add(name: string): void {
      const before = times.get(name) ?? 0;
      pairs += before;
      times.set(name, before + 1);
    }

    parts.forEach(collect);
    for (const inner of below.values()) if (pairs <= most) visit(inner);
  }

  for (const { selectionSet } of operationsOf(document)) count(selectionSet);
  // Validation visits those too that nobody uses.
  for (const [name, { selectionSet }] of fragments) if (!spread.has(name)) count(selectionSet);
  return pairs;
}
