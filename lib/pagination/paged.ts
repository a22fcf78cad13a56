import DataLoader from 'dataloader';
import type { Page } from './page.ts';

type Loader<Row> = DataLoader<string, Row[]>;

/** The loaders of one page: of the columns that were asked for first, and of all when others are asked for too. */
interface Loaders<Row, Of> {
  readonly page: Of;
  readonly narrow: Loader<Row>;
  whole?: Loader<Row>;
}

/**
 * A loader for each page that is asked for, since a field asks every parent in a list for the same one. It gives a
 * parent's rows of that page, and one more where there is a next page; see `connection`. A page is asked for at most
 * twice, however many places ask for however different columns of it.
 */
export function paged<Row, Of extends Page = Page>(
  load: (parentIds: readonly string[], page: Of) => Promise<Row[][]>,
): (page: Of) => Loader<Row> {
  const loaders = new Map<string, Loaders<Row, Of>>();
  let last: Loaders<Row, Of> | undefined;

  const loaderOf = (page: Of): Loader<Row> => new DataLoader((parentIds) => load(parentIds, page));

  function loadersOf(page: Of): Loaders<Row, Of> {
    const key = JSON.stringify({ ...page, columns: undefined });
    const found = loaders.get(key) ?? { page, narrow: loaderOf(page) };
    loaders.set(key, found);
    return found;
  }

  return (page) => {
    if (last && isSame(last.page, page)) return last.narrow;
    const found = loadersOf(page);
    if (found.page.columns === page.columns) {
      last = found;
      return found.narrow;
    }
    const { columns, ...all } = page;
    found.whole ??= loaderOf(all as Of);
    return found.whole;
  };
}

/** What all parents but the first ask for. */
function isSame<Of extends Page>(page: Of, other: Of): boolean {
  const names = Object.keys(page) as (keyof Of)[];
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && page[name] === other[name])
  );
}
