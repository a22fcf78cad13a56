import type { ExecutionResult } from 'graphql';
import { type SubscribeArgs, subscribeInMode } from './sharing.ts';

/**
 * The same arguments with a context that is made anew each time it is read. graphql's `subscribe` reads it once
 * to open the stream and once an event (it spreads its arguments into those of `execute`), so every event has
 * loaders of its own: with one context for all, the first event's cached rows would answer all later ones.
 * graphql has no option for it; envelop replaces `subscribe` whole, for the same end.
 */
export function withFreshContext(
  args: Omit<SubscribeArgs, 'contextValue'>,
  freshContext: () => object,
): SubscribeArgs {
  return {
    ...args,
    get contextValue() {
      return freshContext();
    },
  };
}

/** `subscribeInMode`, with a fresh context for the stream and one for each event. */
export function subscribeWithFreshContext(
  args: Omit<SubscribeArgs, 'contextValue'>,
  freshContext: () => object,
): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  return subscribeInMode(withFreshContext(args, freshContext));
}
