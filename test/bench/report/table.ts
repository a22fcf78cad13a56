import type { Machine } from './machine.ts';
import type { Figure, Section } from './section.ts';
import { judge, spreadOf, type Verdict } from './statistics.ts';

export interface Report {
  readonly command: string;
  readonly machine: Machine;
  readonly sections: readonly Section[];
}

/** What was run, where. As Markdown, like the tables: a terminal shows it as well. */
export function head({ command, machine }: Pick<Report, 'command' | 'machine'>): string {
  const facts = Object.entries(machine).map(([name, value]) => `${name}: ${value}`);
  return `\`${command}\`\n\n${facts.join(', ')}\n\n`;
}

export const tables = (sections: readonly Section[]): string => sections.map(table).join('\n');

function table({ title, notes, figures }: Section): string {
  const header = ['', 'unit', 'median', 'ratio, median [min to max] of rounds', 'must be', ''];
  const rows = [header, header.map(() => '---'), ...figures.flatMap(rowsOf)];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(
    (row) =>
      `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, cell === '---' ? '-' : ' ')).join(' | ')} |`,
  );
  return `## ${title}\n\n${lines.join('\n')}\n\n${notes.map((note) => `- ${note}\n`).join('')}`;
}

function rowsOf({ name, unit, rounds, compare }: Figure): string[][] {
  // Rounds have them in the order of measuring, which changes.
  const contenders = [...new Set(rounds.flatMap((round) => Object.keys(round)))].toSorted(byName);
  const medians = contenders.map((contender) => {
    const { median } = spreadOf(rounds.flatMap(({ [contender]: value }) => value ?? []));
    return `${contender} ${number(median)}`;
  });
  const verdicts = compare.flatMap((comparison) => judge(rounds, comparison) ?? []);
  const [first, ...more] = verdicts.map(cellsOf);
  return [
    [name, unit, medians.join(', '), ...(first ?? ['', '', ''])],
    ...more.map((cells) => ['', '', '', ...cells]),
  ];
}

function cellsOf({ comparison: { of, to, atLeast, atMost }, median, min, max, met }: Verdict): string[] {
  const spread = `${of} / ${to} = **${median.toFixed(2)}** [${min.toFixed(2)} to ${max.toFixed(2)}]`;
  const bound = [atLeast && `>= ${atLeast}`, atMost && `<= ${atMost}`].filter(Boolean).join(', ');
  return [spread, bound, met === undefined ? '' : met ? 'met' : 'NOT MET'];
}

const NAMES = ['ours', 'before', 'services', 'apollo', 'hive', 'floor', 'bare', 'nakama'];
const byName = (a: string, b: string) => NAMES.indexOf(a) - NAMES.indexOf(b);

/** Three digits that mean something. */
const number = (value: number) =>
  value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
