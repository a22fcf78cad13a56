/** What setTimeout can hold: 24.8 days. */
const MAX_DELAY = 2 ** 31 - 1;

/** Calls back once, when `expiresAt` has come. Returns how to cancel it. */
export function onExpiry(expiresAt: Date, now: () => Date, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = () => {
    const left = expiresAt.getTime() - now().getTime();
    timer = left > 0 ? setTimeout(wait, Math.min(left, MAX_DELAY)) : setTimeout(callback, 0);
  };
  wait();
  return () => clearTimeout(timer);
}
