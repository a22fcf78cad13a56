import type { DocumentNode } from 'graphql';
import { refuse } from '../errors.ts';
import type { Limits } from './limits.ts';
import { measure, operationsOf } from './measure.ts';
import { repetitionsOf } from './repetitions.ts';
import { rootFields } from './roots.ts';

/**
 * Refuses a document with an operation that asks for too much. Runs before graphql's own validation, which is
 * quadratic in places (see `repetitionsOf`); it is linear, and safe on documents that are not valid.
 */
export function enforceLimits(document: DocumentNode, limits: Limits): void {
  const size = measure(document);
  if (size.depth > limits.depth) {
    refuse('OPERATION_TOO_DEEP', `The operation nests deeper than ${limits.depth} fields`);
  }
  if (size.aliases > limits.aliases) {
    refuse('TOO_MANY_ALIASES', `The operation has more than ${limits.aliases} aliases`);
  }
  if (size.directives > limits.directives) {
    refuse('TOO_MANY_DIRECTIVES', `The operation has more than ${limits.directives} directives`);
  }
  if (size.selections > limits.selections) {
    refuse(
      'OPERATION_TOO_LARGE',
      `The operation selects more than ${limits.selections} fields and fragments`,
    );
  }
  if (repetitionsOf(document, limits.repetitions, limits.selections) > limits.repetitions) {
    refuse('TOO_MANY_REPETITIONS', 'The operation selects the same fields at one place too often');
  }
  if (operationsOf(document).some((each) => rootFields(document, each).length > limits.rootFields)) {
    refuse('TOO_MANY_ROOT_FIELDS', `The operation has more than ${limits.rootFields} root fields`);
  }
}
