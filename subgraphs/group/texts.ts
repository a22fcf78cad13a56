import { lineOf, linesOf } from '@fellowship/text';
import { deny } from './denials.ts';

const longestName = 100;
const longestDescription = 2_000;

/** A name as it is kept: one line of 1 to 100 characters. */
export const nameFrom = (input: string): string =>
  lineOf(input, 1, longestName) ?? deny('INVALID_INPUT', ['name']);

/** A description as it is kept: at most 2,000 characters; null when there is none, or only spaces. */
export function descriptionFrom(input: string | null | undefined): string | null {
  const description = linesOf(input?.trim() ?? '', 0, longestDescription);
  if (description === null) return deny('INVALID_INPUT', ['description']);
  return description === '' ? null : description;
}

/** What an update changes: a name that is null, like whatever is left out, stays as it is. */
export function changesFrom(input: { readonly name?: string | null; readonly description?: string | null }) {
  return {
    ...(input.name !== undefined && input.name !== null && { name: nameFrom(input.name) }),
    ...(input.description !== undefined && { description: descriptionFrom(input.description) }),
  };
}
