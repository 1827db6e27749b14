import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Alert } from '../../../../server/src/alerts/contract.ts';
import type { Finding } from '../../../../server/src/detection/contract.ts';
import { queryText } from '../../link/call.ts';
import { useMay } from '../../link/session.ts';
import { Identifier, pathOf, splitKey } from '../../ui/identifier.tsx';
import { useWords } from '../../ui/words.ts';
import { nameOf, notIdentifiers } from './subject.ts';

/** Of these the holder of the account lost the money, and did not take it. */
const ofVictims: readonly string[] = [
  'detection.rapid-drain',
  'detection.remote-access',
  'detection.sim-swap-then-payment',
];

interface Lead {
  readonly name: 'trace' | 'request' | 'listing' | 'watch';
  readonly path: string;
}

/** What the alert can be turned into: the other screens, filled in with what is known here. */
function leadsOf({ id, subject, reasons }: Alert, may: (permission: string) => boolean): readonly Lead[] {
  const { type } = splitKey(subject);
  if (notIdentifiers.includes(type))
    return may('liaison.ask') ? [{ name: 'request', path: `/requests/new${queryText({ alert: id })}` }] : [];
  const isVictim = reasons.length > 0 && reasons.every(({ code }) => ofVictims.includes(code));
  const end = isVictim ? { from: subject } : { to: subject };
  const leads: readonly (Lead & { permission: string; isFor: boolean })[] = [
    {
      name: 'trace',
      path: `/report${queryText({ ...end, alert: id })}`,
      permission: 'funds.report',
      isFor: type === 'account' || type === 'wallet',
    },
    {
      name: 'request',
      path: `/requests/new${queryText({ about: subject, alert: id })}`,
      permission: 'liaison.ask',
      isFor: true,
    },
    {
      name: 'listing',
      path: `/list${queryText({ key: subject, alert: id })}`,
      permission: 'registry.list',
      isFor: true,
    },
    { name: 'watch', path: `/watches${queryText({ pattern: subject })}`, permission: 'alerts.watch', isFor: true },
  ];
  return leads.filter(({ permission, isFor }) => isFor && may(permission));
}

export function Leads({ alert }: { alert: Alert }): ReactElement | null {
  const { t } = useWords('alerts');
  const leads = leadsOf(alert, useMay());
  if (leads.length === 0) return null;
  return (
    <section>
      <h3>{t('leads.title')}</h3>
      <div className="alerts-buttons">
        {leads.map(({ name, path }) => (
          <Button key={name} component={Link} to={path} variant="default">
            {t(`leads.${name}`)}
          </Button>
        ))}
      </div>
    </section>
  );
}

/** Accounts, numbers and things that are part of the same matter. */
export function Related({ alert, findings }: { alert: Alert; findings: readonly Finding[] }): ReactElement | null {
  const { t } = useWords('alerts');
  const others = new Set(findings.flatMap(({ counterparts }) => counterparts));
  for (const { params, kind } of alert.reasons)
    for (const name of ['trace', 'hold', 'id']) {
      const value = params[name];
      const type = name === 'id' ? kind : name;
      if (typeof value === 'string' && pathOf(`${type}:${value}`)?.startsWith('/identifiers') === false)
        others.add(`${type}:${value}`);
    }
  others.delete(alert.subject);
  if (others.size === 0) return null;
  return (
    <section>
      <h3>{t('related.title')}</h3>
      <ul className="alerts-related">
        {[...others].map((key) => (
          <li key={key}>
            <span className="soft">{nameOf(key, t)}</span> <Identifier of={key} />
          </li>
        ))}
      </ul>
    </section>
  );
}
