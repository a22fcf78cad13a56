/**
 * The promise's outcome, or a rejection after so many milliseconds. The promise itself is left to itself.
 *
 * Time that this process was too busy to read an answer does not count against who answered: timers are looked at
 * before sockets, so when one is due, what has arrived is read first.
 */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const fail = () => reject(new Error(`No answer within ${milliseconds} ms`));
  // The second one: after the first, what was read is still on its way through the driver.
  const timer = setTimeout(() => setImmediate(() => setImmediate(fail)), milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
