import type { Page } from '@fellowship/pagination';
import DataLoader from 'dataloader';

/** A loader for each page that is asked for: a field asks every parent in a list for the same one. */
export function paged<Row>(load: (ids: readonly string[], page: Page) => Promise<Row[][]>) {
  const loaders = new Map<string, DataLoader<string, Row[]>>();
  return (page: Page): DataLoader<string, Row[]> => {
    const name = JSON.stringify([page.first, page.after]);
    const loader = loaders.get(name) ?? new DataLoader<string, Row[]>((ids) => load(ids, page));
    loaders.set(name, loader);
    return loader;
  };
}
