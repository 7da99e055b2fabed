import type { TextTable } from '@tracelab/command';
import { markup, type Markup } from './markup.ts';

export function listOf(notes: readonly string[]): Markup {
  return markup`<ul class="notes">
    ${notes.map((note) => markup`<li>${note}</li>`)}
  </ul>`;
}

/** Nothing where there is nothing to warn of. */
export function warningList(warnings: readonly string[]): Markup {
  if (warnings.length === 0) return markup``;
  return markup`<ul class="warnings">
    ${warnings.map((warning) => markup`<li>${warning}</li>`)}
  </ul>`;
}

/** A table that scrolls by itself where the page is narrower, by keyboard too. The first column names the row. */
export function tableOf(caption: string, { columns, rows }: TextTable): Markup {
  const alignments = columns.map(({ align }) => markup` class="is-${align}"`);
  const headings = columns.map(({ heading }, index) => markup`<th scope="col" ${alignments[index]}>${heading}</th>`);
  const lines = rows.map(([name = '', ...cells]) => {
    const figures = cells.map((cell, index) => markup`<td${alignments[index + 1]}>${cell}</td>`);
    return markup`<tr>
      <th scope="row">${name}</th>
      ${figures}
    </tr>`;
  });
  return markup`<div class="table" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${headings}
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
    </table>
  </div>`;
}

/** A box for a chart that the page's script draws, with what it shows in words for those who do not see it. */
export function figureOf(
  id: string,
  { title, about, alternative }: { title: string; about: Markup; alternative: string },
): Markup {
  return markup`<figure>
    <figcaption><b>${title}</b>${about}</figcaption>
    <div class="chart" id="${id}" role="img" aria-label="${alternative}"></div>
  </figure>`;
}

/** The title, a line about the run, and the switch of the theme, which works without a script. */
export function pageHeader(title: string, about: string): Markup {
  const choices = ['Auto', 'Light', 'Dark'].map((name) => {
    const theme = name.toLowerCase();
    const checked = theme === 'auto' ? markup` checked` : markup``;
    return markup`<label
      ><input type="radio" name="theme" id="theme-${theme}" value="${theme}" ${checked} />${name}</label
    >`;
  });
  return markup`<header>
    <div>
      <h1>${title}</h1>
      <p class="quiet">${about}</p>
    </div>
    <fieldset class="theme" aria-label="Theme">
      
      ${choices}
    </fieldset>
  </header>`;
}
