import DataLoader from 'dataloader';
import type { Page } from './page.ts';

/**
 * A loader for each page that is asked for, since a field asks every parent in a list for the same one. It gives a
 * parent's rows of that page, and one more where there is a next page; see `connection`.
 */
export function paged<Row, Of extends Page = Page>(
  load: (parentIds: readonly string[], page: Of) => Promise<Row[][]>,
): (page: Of) => DataLoader<string, Row[]> {
  const loaders = new Map<string, DataLoader<string, Row[]>>();
  let last: { readonly page: Of; readonly loader: DataLoader<string, Row[]> } | undefined;

  function loaderOf(page: Of): DataLoader<string, Row[]> {
    const key = JSON.stringify(page);
    const loader = loaders.get(key) ?? new DataLoader<string, Row[]>((parentIds) => load(parentIds, page));
    loaders.set(key, loader);
    return loader;
  }

  return (page) => {
    if (!last || !isSame(last.page, page)) last = { page, loader: loaderOf(page) };
    return last.loader;
  };
}

/** What all parents but the first ask for. */
function isSame<Of extends Page>(page: Of, other: Of): boolean {
  const names = Object.keys(page) as (keyof Of)[];
  return names.length === Object.keys(other).length && names.every((name) => page[name] === other[name]);
}
