import { type DestinationStream, pino } from 'pino';

/** Said by the line itself, or of no use on a terminal. */
const HIDDEN = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg', 'err']);

/** Turns pino's JSON lines into `12:00:01 WARN  party: message key=value`, with an error's stack below. */
export function prettyDestination(target: DestinationStream): DestinationStream {
  return { write: (line) => target.write(`${prettyLine(JSON.parse(line))}\n`) };
}

function prettyLine(entry: Record<string, unknown>): string {
  const { level, time, name, msg, err } = entry;
  const clock = new Date(Number(time)).toTimeString().slice(0, 8);
  const label = (pino.levels.labels[Number(level)] ?? String(level)).toUpperCase().padEnd(5);
  const details = Object.entries(entry)
    .filter(([key]) => !HIDDEN.has(key))
    .map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const stack = isError(err) ? `\n${err.stack}` : '';
  return `${clock} ${label} ${String(name)}: ${String(msg ?? '')}${details.join('')}${stack}`;
}

function isError(value: unknown): value is { stack: string } {
  return typeof value === 'object' && value !== null && 'stack' in value;
}
