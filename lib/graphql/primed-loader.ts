import DataLoader from 'dataloader';

/**
 * A loader of what other loaders come across. What they prime waits as it is until something is asked for, if ever:
 * a DataLoader would make a Promise of each row at once.
 */
export class PrimedLoader<Value> {
  readonly #loader: DataLoader<string, Value>;
  readonly #waiting: [key: string, value: Value][] = [];

  constructor(load: DataLoader.BatchLoadFn<string, Value>) {
    this.#loader = new DataLoader(load);
  }

  load(key: string): Promise<Value> {
    for (const [known, value] of this.#waiting) this.#loader.prime(known, value);
    this.#waiting.length = 0;
    return this.#loader.load(key);
  }

  /** What is known of the key, unless something is known already. */
  prime(key: string, value: Value): void {
    this.#waiting.push([key, value]);
  }
}
