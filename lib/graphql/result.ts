/** An object without a prototype, so that no alias (`__proto__`) is special, which V8 still keeps as a struct. */
export const Result = function Result() {} as unknown as new () => Record<string, unknown>;
Result.prototype = Object.create(null);
