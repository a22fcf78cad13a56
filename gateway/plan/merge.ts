export type Data = Record<string, unknown>;

export function isObject(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of data; undefined where it is not the data's own, such as `constructor`. */
export function ownField(data: Data, name: string): unknown {
  return name in Object.prototype && !Object.hasOwn(data, name) ? undefined : data[name];
}

/**
 * Adds what a subgraph answered to what is known of an object. Objects are merged field by field, lists of the same
 * length element by element; anything else is replaced.
 */
export function merge(target: Data, source: Data): void {
  for (const key of Object.keys(source)) {
    const given = source[key];
    if (given === undefined) continue;
    const known = ownField(target, key);
    if (isObject(known) && isObject(given)) merge(known, given);
    else if (Array.isArray(known) && Array.isArray(given) && known.length === given.length) {
      mergeLists(known, given);
    } else setField(target, key, given);
  }
}

function mergeLists(target: unknown[], source: readonly unknown[]): void {
  source.forEach((given, index) => {
    const known = target[index];
    if (isObject(known) && isObject(given)) merge(known, given);
    else target[index] = given;
  });
}

/** An alias may be `__proto__`: assigned to a plain object it would be no field of it. */
function setField(target: Data, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, configurable: true, enumerable: true, writable: true });
}
