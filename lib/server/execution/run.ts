import type { GraphQLError, ResponsePath } from 'graphql';

/** One execution of an operation. */
export interface Run {
  readonly rootValue: unknown;
  readonly contextValue: unknown;
  readonly variableValues: Variables;
  readonly errors: FieldErrors;
}

export type Variables = Readonly<Record<string, unknown>>;

export type Data = Record<string, unknown>;

/** The errors of fields that are null by them. What fails below a field that is null already goes untold. */
export class FieldErrors {
  readonly all: GraphQLError[] = [];
  readonly #nulls = new Set<ResponsePath | undefined>();

  add(error: GraphQLError, position: ResponsePath | undefined): void {
    if (this.#isWithinNull(position)) return;
    this.#nulls.add(position);
    this.all.push(error);
  }

  #isWithinNull(position: ResponsePath | undefined): boolean {
    if (this.#nulls.size === 0) return false;
    for (let path = position; path; path = path.prev) if (this.#nulls.has(path)) return true;
    return this.#nulls.has(undefined);
  }
}

/** As graphql has it: whatever has a `then`, such as a query builder of Drizzle's. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
