// Loaded ahead of a process (`node --import`) whose clock is to be wrong: shifts Date by as many milliseconds as the
// process is told over its IPC channel. Timers go on as they are.
const Right = globalThis.Date;
let skew = 0;
process.on('message', (milliseconds: number) => {
  skew = milliseconds;
  process.send?.(milliseconds);
});
process.channel?.unref();

globalThis.Date = new Proxy(Right, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [Right.now() + skew] : given, newTarget),
  apply: () => new Right(Right.now() + skew).toString(),
  get: (target, key, receiver) =>
    key === 'now' ? () => Right.now() + skew : Reflect.get(target, key, receiver),
});
