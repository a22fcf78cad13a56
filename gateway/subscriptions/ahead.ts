/**
 * What work makes of each item, in the items' order. The next ones are read and worked on while one is waited for: with
 * one at a time, a subscription's events a second were bound by the way to the other subgraphs and back.
 *
 * Throws what the source or the work threw, after all that came before it. The source is not returned: its owner ends
 * it, so that one that waits for an item needn't be waited for.
 *
 * @param most items under way at a time
 */
export async function* ahead<Item, Made>(
  source: AsyncIterator<Item, void>,
  work: (item: Item) => Promise<Made>,
  most: number,
): AsyncGenerator<Made, void, void> {
  const read = (): Promise<{ readonly made: Made } | undefined> => {
    const reading = source
      .next()
      .then(async (next) => (next.done ? undefined : { made: await work(next.value) }));
    // It is waited for in its turn, or nobody wants to know.
    reading.catch(() => {});
    return reading;
  };
  const reading = Array.from({ length: most }, read);
  for (let next = await reading.shift(); next; next = await reading.shift()) {
    reading.push(read());
    yield next.made;
  }
}
