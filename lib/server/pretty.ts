import { type DestinationStream, pino } from 'pino';

/** Said by the line itself, or of no use on a terminal. */
const HIDDEN = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg', 'err']);

/** From which level on an error's stack is shown: below, it is an outage that passes, and there is one a request. */
const STACKS_FROM = pino.levels.values['error'] ?? 50;

/**
 * Turns pino's JSON lines into `12:00:01 WARN  party: message key=value`; an error's stack is below at the level error
 * and, with `stacks`, at any; otherwise its message is at the line's end.
 */
export function prettyDestination(target: DestinationStream, stacks = false): DestinationStream {
  return { write: (line) => target.write(`${prettyLine(JSON.parse(line), stacks)}\n`) };
}

function prettyLine(entry: Record<string, unknown>, stacks: boolean): string {
  const { level, time, name, msg, err } = entry;
  const clock = new Date(Number(time)).toTimeString().slice(0, 8);
  const label = (pino.levels.labels[Number(level)] ?? String(level)).toUpperCase().padEnd(5);
  const details = Object.entries(entry)
    .filter(([key]) => !HIDDEN.has(key))
    .map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const line = `${clock} ${label} ${String(name)}: ${String(msg ?? '')}${details.join('')}`;
  if (!isError(err)) return line;
  if (stacks || Number(level) >= STACKS_FROM) return `${line}\n${err.stack || err.message}`;
  return `${line} (${err.message.replaceAll(/\s+/g, ' ')})`;
}

function isError(value: unknown): value is { message: string; stack: string } {
  return typeof value === 'object' && value !== null && 'stack' in value && 'message' in value;
}
