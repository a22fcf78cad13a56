import { LRUCache } from 'lru-cache';

/**
 * The latest of what is made from documents, bounded by the length of its JSON. Not by their number: a document of
 * one string may be 256 KiB, a thousand of which would be a quarter of the memory.
 *
 * @param most characters
 */
export function createJsonCache<Value extends object>(most: number): LRUCache<string, Value> {
  return new LRUCache({
    maxSize: most,
    sizeCalculation: (value, key) => key.length + JSON.stringify(value).length,
  });
}
