import { type DocumentNode, visit } from 'graphql';
import { refuse } from '../errors.ts';

/** Deeper than any input type of ours; recursion further down (JSON, coercion) stays within the stack. */
const MAX_VARIABLE_DEPTH = 32;

/** Refuses string literals that Postgres can't store: with U+0000, or lone surrogates. */
export function checkLiterals(document: DocumentNode): void {
  visit(document, { StringValue: ({ value }) => checkString(value) });
}

/** Refuses variables with such a string or key, or nested too deep. Walks without recursion. */
export function checkVariables(variables: unknown): void {
  let level = [variables];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_VARIABLE_DEPTH) refuse('BAD_USER_INPUT', 'The variables nest too deep');
    level = level.flatMap(children);
  }
}

function children(value: unknown): unknown[] {
  if (typeof value === 'string') checkString(value);
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value;
  for (const key of Object.keys(value)) checkString(key);
  return Object.values(value);
}

function checkString(value: string): void {
  if (value.includes('\0')) refuse('BAD_USER_INPUT', 'Strings must not contain the character U+0000');
  // Half a surrogate pair would be stored as U+FFFD, so that what is read is not what was written.
  if (!value.isWellFormed()) refuse('BAD_USER_INPUT', 'Strings must be well-formed Unicode');
}
