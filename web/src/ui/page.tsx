import { useEffect, type ReactElement, type ReactNode } from 'react';
import { nameWindow } from './window-title.ts';

/** A screen: its title (also the window's), acts at its right, and what it shows. `full` fills the height without scrolling itself. */
export function Page(props: {
  title: string;
  beside?: ReactNode;
  acts?: ReactNode;
  full?: boolean;
  children: ReactNode;
}): ReactElement {
  const { title, beside, acts, full = false, children } = props;
  useEffect(() => {
    nameWindow(title);
  }, [title]);
  return (
    <main className={`page ${full ? 'full' : ''}`} id="main">
      <header className="page-head">
        <h1>{title}</h1>
        {beside}
        <div className="page-acts">{acts}</div>
      </header>
      <div className="page-body">{children}</div>
    </main>
  );
}

export function Panel({
  title,
  acts,
  children,
  className = '',
}: {
  title?: ReactNode;
  acts?: ReactNode;
  children: ReactNode;
  className?: string;
}): ReactElement {
  return (
    <section className={`panel ${className}`}>
      {title === undefined ? null : (
        <h2 style={{ display: 'flex', alignItems: 'center', gap: '0.6rem', flexWrap: 'wrap' }}>
          {title}
          <span style={{ marginInlineStart: 'auto' }}>{acts}</span>
        </h2>
      )}
      {children}
    </section>
  );
}

/** Names and values, one below the other. What has no value is left out. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }): ReactElement {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== null && value !== '')
        .map(([name, value]) => (
          <FactLine key={name} name={name} value={value} />
        ))}
    </dl>
  );
}

function FactLine({ name, value }: { name: string; value: ReactNode }): ReactElement {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
