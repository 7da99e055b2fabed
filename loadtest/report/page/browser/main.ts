import type { PageData, WorkloadCharts } from '../chart-data.ts';
import { repaint } from './frame.ts';
import { mountDapper, mountDrift, mountRates } from './line-charts.ts';
import { mountForest, mountIntervals, mountStrips } from './row-charts.ts';

const THEME_KEY = 'tracelab-report-theme';

const source = document.querySelector('#report-data');
const { workloads, forests = [] } = JSON.parse(source?.textContent ?? '{"workloads":[]}') as PageData;

followTheme();
workloads.forEach(mountWorkload);
forests.forEach(({ marks }, index) => mountIn(`forest-${index}`, (host) => mountForest(host, marks)));
document.documentElement.classList.add('has-charts');

function mountWorkload(charts: WorkloadCharts, index: number): void {
  const { rates, dapper, noiseUs } = charts;
  const id = (name: string): string => `chart-${index}-${name}`;
  mountIn(id('added'), (host) => mountIntervals(host, charts.added, noiseUs));
  mountIn(id('restarts'), (host) => mountStrips(host, charts.restarts, noiseUs));
  mountIn(id('drift'), (host) => mountDrift(host, charts.drift));
  if (rates !== undefined) mountIn(id('rates'), (host) => mountRates(host, rates, noiseUs));
  if (dapper !== undefined) mountIn(id('dapper'), (host) => mountDapper(host, dapper));
}

function mountIn(id: string, mount: (host: HTMLElement) => void): void {
  const host = document.querySelector<HTMLElement>(`#${id}`);
  if (host !== null) mount(host);
}

/** The switch works by CSS alone; the script remembers it and repaints the canvases, on paper always in the light one. */
function followTheme(): void {
  const choices = document.querySelectorAll<HTMLInputElement>('input[name="theme"]');
  const known = remembered();
  for (const choice of choices) {
    if (choice.value === known) choice.checked = true;
    choice.addEventListener('change', () => {
      remember(choice.value);
      repaint();
    });
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
  matchMedia('(forced-colors: active)').addEventListener('change', repaint);
  matchMedia('print').addEventListener('change', repaint);
  repaint();
}

/** A browser may keep nothing for a page from a file. */
function remembered(): string | null {
  try {
    return localStorage.getItem(THEME_KEY);
  } catch {
    return null;
  }
}

function remember(theme: string): void {
  try {
    localStorage.setItem(THEME_KEY, theme);
  } catch {
    // The choice then lasts as long as the page.
  }
}
