import type { ReactElement, ReactNode } from 'react';
import { Actor } from './actor.tsx';
import { Instant } from './clock.tsx';
import type { Tone } from './mark.tsx';
import './timeline.css';

export interface Happening {
  readonly key: string;
  readonly at: string;
  readonly what: string;
  readonly tone?: Tone;
  /** An actor's id. */
  readonly by?: string;
  readonly details?: ReactNode;
}

/** What happened, one below the other, as it is given. */
export function Timeline({ happenings }: { happenings: readonly Happening[] }): ReactElement {
  return (
    <ol className="timeline">
      {happenings.map(({ key, at, what, tone = 'stone', by, details }) => (
        <li key={key} className={`tone-${tone}`}>
          <div className="timeline-head">
            <strong>{what}</strong>
            {by === undefined ? null : <Actor id={by} />}
            <span className="soft">
              <Instant at={at} />
            </span>
          </div>
          {details}
        </li>
      ))}
    </ol>
  );
}
