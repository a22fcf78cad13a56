/** One measurement: what `measure` of each module returns. */
export interface Section {
  readonly title: string;
  /** What one has to know to read the figures: who shares what, what was left out. */
  readonly notes: readonly string[];
  readonly figures: readonly Figure[];
}

/** What every round measured of each contender, one after the other. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly rounds: readonly Round[];
  readonly compare: readonly Comparison[];
}

/** By contender. One that could not be measured in a round is not in it. */
export type Round = Readonly<Record<string, number>>;

/** The ratio `of` / `to`, and where it must be. Without a bound it is only shown. */
export interface Comparison {
  readonly of: string;
  readonly to: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}
