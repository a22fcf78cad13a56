/** Milliseconds that this thread computes for `work`: however busy the machine, what waits for a core is not counted. */
export function computing(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
