import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';

/** The parts of the page that are the same in every report. None may contain `</`. */
export interface PageAssets {
  styles: readonly string[];
  scripts: readonly string[];
}

/** In the order in which they need each other. */
const BROWSER_FILES = ['palette.ts', 'frame.ts', 'marks.ts', 'row-charts.ts', 'line-charts.ts', 'main.ts'] as const;

/**
 * Reads uPlot and the page's own style and script. The script is a handful of TypeScript files in one scope: Node takes the
 * types out, and what is left of their imports and exports has to go, since a page without a server has no modules.
 */
export function readPageAssets(): PageAssets {
  const uplot = (file: string): string =>
    readFileSync(createRequire(import.meta.url).resolve(`uplot/dist/${file}`), 'utf8');
  const own = BROWSER_FILES.map((file) => toScript(readBeside(`browser/${file}`)));
  return {
    styles: [uplot('uPlot.min.css'), readBeside('page.css')],
    scripts: [uplot('uPlot.iife.min.js'), `(() => {\n'use strict';\n${own.join('\n')}\n})();`],
  };
}

/** The module as statements for a shared scope. */
function toScript(source: string): string {
  return withoutWarning(() => stripTypeScriptTypes(source))
    .replaceAll(/^import\s[^;]*;$/gm, '')
    .replaceAll(/^export /gm, '')
    .replaceAll(/\s+$/gm, '');
}

/** Node calls its own stripper experimental whenever it is called by hand; it runs every file of ours. */
function withoutWarning<Value>(act: () => Value): Value {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => {};
  try {
    return act();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function readBeside(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}
