import type { ComponentChildren } from 'preact';

interface FactProps {
  name: string;
  field: string;
  title?: string;
  isBad?: boolean;
  children: ComponentChildren;
}

/** A number with its name, in a row of such; its value carries `data-field` for tests and scripts. */
export function Fact({ name, field, title, isBad, children }: FactProps) {
  return (
    <div class="fact" title={title}>
      <dt>{name}</dt>
      <dd class={isBad === true ? 'figure error-text' : 'figure'} data-field={field}>
        {children}
      </dd>
    </div>
  );
}
