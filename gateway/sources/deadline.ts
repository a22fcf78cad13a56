/** A signal that aborts when the time is over or its owner says so, and is to be cleared when it isn't needed. */
export interface Deadline {
  readonly signal: AbortSignal;
  clear(): void;
}

/**
 * Not AbortSignal.timeout and .any: their timers would outlive the fetches by the whole timeout, some ten thousand
 * of them under load.
 *
 * @param gone aborts the deadline's signal as well, with a reason that is made only then: errors cost their stack
 */
export function startDeadline(milliseconds: number, gone?: AbortSignal, reason?: () => Error): Deadline {
  const deadline = new AbortController();
  const expire = () => deadline.abort(new Error(`No answer within ${milliseconds} ms`));
  const cancel = () => deadline.abort(reason?.());
  const timer = setTimeout(expire, milliseconds);
  if (gone?.aborted) cancel();
  gone?.addEventListener('abort', cancel);
  return {
    signal: deadline.signal,
    clear() {
      clearTimeout(timer);
      gone?.removeEventListener('abort', cancel);
    },
  };
}
