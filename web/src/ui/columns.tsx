import type { ReactElement, ReactNode } from 'react';
import './columns.css';

/** What matters at the start, what belongs to it beside; one below the other where there is no room. */
export function Columns({ main, side }: { main: ReactNode; side: ReactNode }): ReactElement {
  return (
    <div className="columns">
      <div>{main}</div>
      <div>{side}</div>
    </div>
  );
}
