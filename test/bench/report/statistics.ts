import type { Comparison, Round } from './section.ts';

/** The middle of several measurements, and between what they lay. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Verdict extends Spread {
  readonly comparison: Comparison;
  /** undefined: there is no bound. */
  readonly met: boolean | undefined;
}

const RESAMPLES = 1_000;

/** Throws on no numbers: a figure that was not measured has none. */
export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new Error('Nothing was measured');
  return { median: quantile(sorted, 0.5), min, max };
}

/** Of sorted numbers, between the nearest two where it falls between them. NaN of none. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

/**
 * Between what a figure of so many slices lies (its 5th and 95th of a hundred), had others of their kind been measured:
 * by taking as many of these at random, some of them twice, over and over.
 *
 * @param figure of the slices with these indices
 */
export function bootstrap(
  slices: number,
  figure: (chosen: readonly number[]) => number,
  random: () => number = Math.random,
): { readonly low: number; readonly high: number } {
  const figures = Array.from({ length: RESAMPLES }, () =>
    figure(Array.from({ length: slices }, () => Math.floor(random() * slices))),
  ).sort((a, b) => a - b);
  return { low: quantile(figures, 0.05), high: quantile(figures, 0.95) };
}

/**
 * The ratio of two contenders: in each round first, then the median. What the machine did to a round it did to both.
 * Undefined where no round has both.
 */
export function judge(rounds: readonly Round[], comparison: Comparison): Verdict | undefined {
  const { of, to, atLeast, atMost } = comparison;
  const ratios = rounds.flatMap(({ [of]: above, [to]: below }) =>
    above === undefined || below === undefined ? [] : [above / below],
  );
  if (ratios.length === 0) return undefined;
  const spread = spreadOf(ratios);
  const bounded = atLeast !== undefined || atMost !== undefined;
  const within =
    spread.median >= (atLeast ?? Number.NEGATIVE_INFINITY) &&
    spread.median <= (atMost ?? Number.POSITIVE_INFINITY);
  return { ...spread, comparison, met: bounded ? within : undefined };
}
