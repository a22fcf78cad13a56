/** How much one operation may ask for. Counts are after fragments are expanded. */
export interface Limits {
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly directives: number;
  readonly selections: number;
  /** Pairs of one name at one place; see `repetitionsOf`. */
  readonly repetitions: number;
  /** Items of all lists that the reply could hold, as far as `first` tells. */
  readonly cost: number;
}

/** Generous for a screen of a game client; GraphiQL's introspection query fits as well. */
export const DEFAULT_LIMITS: Limits = {
  tokens: 2_000,
  depth: 15,
  aliases: 20,
  rootFields: 10,
  directives: 20,
  selections: 1_000,
  repetitions: 20_000,
  cost: 2_000,
};
