import { deny } from './denials.ts';

const longestName = 100;
const longestDescription = 2_000;

/** Characters as Postgres counts them: code points. */
const lengthOf = (text: string): number => [...text].length;

/** A name as it is kept: 1 to 100 characters, no spaces around it. */
export function nameFrom(input: string): string {
  const name = input.trim();
  if (name === '' || lengthOf(name) > longestName) deny('INVALID_INPUT', ['name']);
  return name;
}

/** A description as it is kept: at most 2,000 characters; null when there is none, or only spaces. */
export function descriptionFrom(input: string | null | undefined): string | null {
  const description = input?.trim() ?? '';
  if (lengthOf(description) > longestDescription) deny('INVALID_INPUT', ['description']);
  return description === '' ? null : description;
}

/** What an update changes: a name that is null, like whatever is left out, stays as it is. */
export function changesFrom(input: { readonly name?: string | null; readonly description?: string | null }) {
  return {
    ...(input.name !== undefined && input.name !== null && { name: nameFrom(input.name) }),
    ...(input.description !== undefined && { description: descriptionFrom(input.description) }),
  };
}
