import { compiled, precompiled } from './compiled.ts';
import type { Query } from './query.ts';

/**
 * One statement that does what each of `writes` does, none of which has a `returning`, and then `last`. That begins with
 * `with`, and says by itself that it waits for them: each gives a row for each that it wrote, as `write_0` and so on.
 * Its values: `last`'s own and, as `writes`, those of each of them.
 */
export function after<Result>(writes: readonly Query<unknown>[], last: Query<Result>): Query<Result> {
  if (writes.length === 0) return last;
  const parts = writes.map(compiled);
  const { text, parameters, toRows } = compiled(last);
  if (!text.startsWith('with ')) throw new Error(`${last.name} does not begin with "with"`);
  let given = 0;
  const renumbered = (part: string) => {
    const before = given;
    return part.replace(/\$(\d+)/g, (_, nth) => {
      given = Math.max(given, before + Number(nth));
      return `$${before + Number(nth)}`;
    });
  };
  const first = parts.map((part, nth) => `"write_${nth}" as (${renumbered(part.text)} returning 1)`);
  const name = [last.name, ...writes.map((write) => write.name)].join('_after_');
  return precompiled<Result>(name, {
    text: `with ${first.join(', ')}, ${renumbered(text.slice('with '.length))}`,
    parameters(values) {
      const ofWrites = values['writes'] as readonly Record<string, unknown>[];
      return [...parts.flatMap((part, nth) => part.parameters(ofWrites[nth] ?? {})), ...parameters(values)];
    },
    toRows,
  });
}
