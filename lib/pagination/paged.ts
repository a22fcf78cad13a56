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
  return (page) => {
    const key = JSON.stringify(page);
    const loader = loaders.get(key) ?? new DataLoader<string, Row[]>((parentIds) => load(parentIds, page));
    loaders.set(key, loader);
    return loader;
  };
}
