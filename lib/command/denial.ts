/**
 * A rule that says no. Thrown by an action, so that its transaction rolls back, and answered as data in the
 * payload's `errors`; never a top-level GraphQL error.
 */
export class Denial<Code extends string = string> extends Error {
  readonly code: Code;
  /** The input field the denial is about, e.g. `['input', 'maxMembers']`. Empty: the command as a whole. */
  readonly path: readonly string[];

  constructor(code: Code, message: string, path: readonly string[] = []) {
    super(message);
    this.name = 'Denial';
    this.code = code;
    this.path = path;
  }
}
