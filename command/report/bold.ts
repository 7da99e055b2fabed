import { styleText } from 'node:util';
import type { Output } from '../program/output.ts';

/** Makes text bold on a terminal, and leaves it as it is elsewhere. */
export function boldOn({ isTerminal }: Pick<Output, 'isTerminal'>): (text: string) => string {
  return (text) => (isTerminal ? styleText('bold', text) : text);
}
