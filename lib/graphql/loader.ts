import DataLoader from 'dataloader';

/**
 * A DataLoader that is made when it is first asked. A request uses three of some thirty, whose making was a twelfth of
 * all that it allocated.
 */
export class Loader<Key, Value, CacheKey = Key> {
  readonly #load: DataLoader.BatchLoadFn<Key, Value>;
  readonly #options: DataLoader.Options<Key, Value, CacheKey> | undefined;
  readonly #primed: [Key, Value][] = [];
  #loader: DataLoader<Key, Value, CacheKey> | undefined;

  constructor(load: DataLoader.BatchLoadFn<Key, Value>, options?: DataLoader.Options<Key, Value, CacheKey>) {
    this.#load = load;
    this.#options = options;
  }

  load(key: Key): Promise<Value> {
    this.#loader ??= this.#make();
    return this.#loader.load(key);
  }

  /** What is known of the key, unless something is known already. */
  prime(key: Key, value: Value): void {
    if (this.#loader) this.#loader.prime(key, value);
    else this.#primed.push([key, value]);
  }

  #make(): DataLoader<Key, Value, CacheKey> {
    const loader = new DataLoader(this.#load, this.#options);
    for (const [key, value] of this.#primed) loader.prime(key, value);
    return loader;
  }
}
