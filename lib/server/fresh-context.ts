import { type ExecutionArgs, type ExecutionResult, subscribe } from 'graphql';

/**
 * The same arguments with a context that is made anew each time it is read. graphql's `subscribe` reads it once
 * to open the stream and once an event (it spreads its arguments into those of `execute`), so every event has
 * loaders of its own: with one context for all, the first event's cached rows would answer all later ones.
 * graphql has no option for it; envelop replaces `subscribe` whole, for the same end.
 */
export function withFreshContext(
  args: Omit<ExecutionArgs, 'contextValue'>,
  freshContext: () => object,
): ExecutionArgs {
  return {
    ...args,
    get contextValue() {
      return freshContext();
    },
  };
}

/**
 * graphql's `subscribe`, with a fresh context for the stream and one for each event. A stream of results, or one
 * result with errors when the stream could not be opened. Returning the stream returns its source at once, even
 * while it waits for an event.
 */
export function subscribeWithFreshContext(
  args: Omit<ExecutionArgs, 'contextValue'>,
  freshContext: () => object,
): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  return subscribe(withFreshContext(args, freshContext));
}
