import { GraphQLError } from 'graphql';

/** The most items on one page of a connection. */
export const largestPage = 100;
const defaultPage = 20;

export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

/** A page as queries want it. */
export interface Page {
  /** How many items, 1 to 100. */
  readonly first: number;
  /** The sort key of the item it starts after, as text; null: the first page. */
  readonly after: readonly string[] | null;
  /** The columns of its items that are asked for, see `columnsAsked`; all unless told. */
  readonly columns?: string;
}

const refuse = (code: string, message: string) => new GraphQLError(message, { extensions: { code } });

/** How many items a client asks for: 20 unless it says. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? defaultPage;
  if (size < 1 || size > largestPage) throw refuse('BAD_USER_INPUT', `\`first\` is 1 to ${largestPage}`);
  return size;
}

/**
 * Checks a connection's arguments. `key` tells what each part of the sort key looks like, so that a cursor made
 * up or taken from another connection is refused here and not by the database.
 */
export function pageOf({ first, after }: PageArguments, key: readonly KeyPart[]): Page {
  return { first: pageSize(first), after: typeof after === 'string' ? decode(after, key) : null };
}

/** Whether a text can be this part of a sort key. */
export type KeyPart = (text: string) => boolean;

export const uuidKey: KeyPart = (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
/** A moment that exists: the database would not take the 31st of February. */
export const momentKey: KeyPart = (text) => {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
};

/** An opaque cursor: where an item stands in its connection's order. */
export function encode(key: readonly (string | Date)[]): string {
  const parts = key.map((part) => (part instanceof Date ? part.toISOString() : part));
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function decode(cursor: string, key: readonly KeyPart[]): readonly string[] {
  const parts = parse(Buffer.from(cursor, 'base64url').toString());
  const fits =
    Array.isArray(parts) &&
    parts.length === key.length &&
    parts.every((part, index) => typeof part === 'string' && key[index]?.(part));
  if (!fits) throw refuse('CURSOR_INVALID', '`after` is not a cursor of this connection');
  return parts as string[];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
