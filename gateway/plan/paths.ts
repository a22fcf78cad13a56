import type { ResponsePath } from '@apollo/query-planner';
import { type Data, isObject, ownField } from './merge.ts';

type Path = readonly (string | number)[];

/** What lies at a path of a plan: `@` is each element of a list. Undefined or null where there is nothing. */
export function valueAt(value: unknown, path: ResponsePath, from = 0): unknown {
  if (from === path.length || value === undefined || value === null) return value;
  const step = path[from];
  if (step === '@') return (value as unknown[]).flatMap((element) => valueAt(element, path, from + 1));
  return valueAt(ownField(value as Data, String(step)), path, from + 1);
}

/** The path of each object at a path of a plan, with the indices of lists, in the order of `valueAt`. */
export function pathsAt(value: unknown, path: ResponsePath, from = 0, parent: Path = []): Path[] {
  if (value === undefined || value === null) return [];
  if (from === path.length) return [parent];
  const step = path[from];
  if (Array.isArray(value)) {
    const next = step === '@' ? from + 1 : from;
    return value.flatMap((element, index) => pathsAt(element, path, next, [...parent, index]));
  }
  const name = String(step);
  if (!isObject(value) || !Object.hasOwn(value, name)) return [];
  return pathsAt(value[name], path, from + 1, [...parent, name]);
}
