import { createHash } from 'node:crypto';
import { readPageAssets } from './assets.ts';
import type { PageData } from './chart-data.ts';
import { jsonMarkup, markup, type Markup } from './markup.ts';

/** Any page of this report: style, script and data inlined, and nothing else allowed by its own policy. */
export function renderDocument(title: string, body: Markup, data: PageData): string {
  const { styles, scripts } = readPageAssets();
  const policy = `default-src 'none'; script-src ${hashesOf(scripts)}; style-src ${hashesOf(styles)}; base-uri 'none'; form-action 'none'`;
  const style = styles.map((text) => ({ markup: `<style>${text}</style>` }));
  const script = scripts.map((text) => ({ markup: `<script>${text}</script>` }));
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
${style}
</head>
<body>
<div class="page">
${body}
</div>
<script type="application/json" id="report-data">${jsonMarkup(data)}</script>
${script}
</body>
</html>
`;
  return page.markup;
}

function hashesOf(texts: readonly string[]): string {
  return texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
}
