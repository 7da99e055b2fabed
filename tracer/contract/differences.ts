import { CONTRACT } from './areas.ts';
import type { Area, Difference } from './behaviour.ts';
import type { SubjectName } from './subject.ts';

/** What a subject is known to do otherwise, as a table in Markdown: a row for each kind of difference in an area. */
export function differencesTable(subject: SubjectName): string {
  const rows = CONTRACT.flatMap((area) => rowsOf(area, subject));
  return ['| of | the contract says | what it does instead | see |', '|---|---|---|---|', ...rows].join('\n');
}

function rowsOf(area: Area, subject: SubjectName): string[] {
  const rows = new Map<string, { difference: Difference; titles: string[] }>();
  for (const { title, differences } of area.behaviours) {
    const difference = differences[subject];
    if (difference === undefined) continue;
    const key = `${difference.instead}\0${difference.see}`;
    const row = rows.get(key) ?? { difference, titles: [] };
    row.titles.push(title);
    rows.set(key, row);
  }
  return [...rows.values()].map(
    ({ difference: { instead, see }, titles }) =>
      `| ${area.title} | ${titles.join('; ')} | ${instead} | ${see ?? ''} |`,
  );
}
