import type { Reads } from '@fellowship/postgres';
import DataLoader from 'dataloader';
import { decodeLogCursor } from './cursor.ts';
import { cursorInvalid } from './follow.ts';
import type { ActivityQueries } from './queries.ts';
import type { ActivityRow } from './tables.ts';

/** A page of a subject's past: up to `limit` events before `after`, a cursor of its log. */
export interface FeedPage {
  readonly limit: number;
  readonly after: string | null;
}

interface Place {
  readonly subject: string;
  readonly sequence: number;
}

type Loader = DataLoader<Place, ActivityRow[]>;

/**
 * Pages of feeds, newest first; those that one request asks for together are one statement, whatever the number of
 * subjects. Nothing is kept: after a command the same request reads anew.
 */
export function feedPages(queries: ActivityQueries) {
  const loaders = new WeakMap<Reads, Map<number, Loader>>();

  function loaderOf(reads: Reads, limit: number): Loader {
    const ofRequest = loaders.get(reads) ?? new Map<number, Loader>();
    loaders.set(reads, ofRequest);
    const loader =
      ofRequest.get(limit) ?? new DataLoader((places) => load(reads, places, limit), { cache: false });
    ofRequest.set(limit, loader);
    return loader;
  }

  async function load(reads: Reads, places: readonly Place[], limit: number): Promise<ActivityRow[][]> {
    const wanted = new Map(places.map((place) => [keyOf(place), place]));
    const rows = await reads.run(queries.before, {
      subjects: [...wanted.values()].map(({ subject }) => subject),
      sequences: [...wanted.values()].map(({ sequence }) => sequence),
      limit,
    });
    const found = Map.groupBy(rows, ({ subject, before }) => keyOf({ subject, sequence: Number(before) }));
    return places.map((place) => found.get(keyOf(place)) ?? []);
  }

  return async (reads: Reads, subject: string, { limit, after }: FeedPage): Promise<ActivityRow[]> => {
    const sequence = after === null ? Number.MAX_SAFE_INTEGER : decodeLogCursor(after, subject);
    if (sequence === null) throw cursorInvalid();
    return loaderOf(reads, limit).load({ subject, sequence });
  };
}

const keyOf = ({ subject, sequence }: Place): string => `${subject} ${sequence}`;
