import { Button, NumberInput, Radio } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import type { Institution, IssuedKey, Key } from '../../../../server/src/access/contract.ts';
import { call, get, post } from '../../link/call.ts';
import { ActButton, useAct } from '../../ui/act.tsx';
import { ActForm } from '../../ui/act-form.tsx';
import { Ago, Instant } from '../../ui/clock.tsx';
import { InstantEntry } from '../../ui/entries.tsx';
import { useFormat } from '../../ui/format.ts';
import { shortId } from '../../ui/identifier.tsx';
import type { Tone } from '../../ui/mark.tsx';
import { Facts, Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { Tag } from '../../ui/tag.tsx';
import { say } from '../../ui/toast.tsx';
import { useWords } from '../../ui/words.ts';
import { InstitutionForm } from './institution-form.tsx';

/** A key that was just issued, and whose it is. */
export interface Issued {
  readonly institution: string;
  readonly key: IssuedKey;
}

interface InstitutionDetailProps {
  readonly institution: Institution;
  readonly onIssued: (issued: Issued) => void;
}

const keysPath = (id: string): string => `/v1/institutions/${id}/keys`;

export function InstitutionDetail({ institution, onIssued }: InstitutionDetailProps): ReactElement {
  const { t } = useWords('access');
  const format = useFormat();
  const [isChanging, changing] = useDisclosure(false);
  const { id, name, kind, quota, serves, active, createdAt } = institution;
  return (
    <>
      <Panel title={name}>
        <Facts
          facts={[
            [
              t('id'),
              <span key="id" className="mono">
                {id}
              </span>,
            ],
            [t('kind'), t(`terms:institutionKind.${kind}`)],
            [t('state'), t(active ? 'institution.active' : 'institution.inactive')],
            [t('quota.second'), format.number(quota.perSecond)],
            [t('quota.burst'), format.number(quota.burst)],
            [
              t('serves'),
              serves.length === 0 ? (
                t('serves.none')
              ) : (
                <ul key="serves" className="access-list">
                  {serves.map((prefix) => (
                    <li key={prefix} className="mono">
                      {prefix}
                    </li>
                  ))}
                </ul>
              ),
            ],
            [t('added'), <Instant key="added" at={createdAt} />],
          ]}
        />
        <div className="access-acts">
          <Button variant="default" onClick={changing.open}>
            {t('officer.change')}
          </Button>
          <Standing institution={institution} />
          <Link to="/webhooks" search={{ institution: id }}>
            {t('webhook.title')}
          </Link>
        </div>
      </Panel>
      <Keys institution={institution} onIssued={onIssued} />
      <InstitutionForm opened={isChanging} onClose={changing.close} of={institution} />
    </>
  );
}

/** Whether its keys open anything: off asks first and can be taken back at once. */
function Standing({ institution: { id, name, active } }: Pick<InstitutionDetailProps, 'institution'>): ReactElement {
  const { t } = useWords('access');
  const activating = useAct({
    act: () => call('PATCH', `/v1/institutions/${id}`, { body: { active: true } }),
    done: () => t('institution.activated', { name }),
    touches: ['/v1/institutions'],
  });
  if (!active)
    return (
      <Button variant="default" color="patina" loading={activating.isPending} onClick={() => activating.mutate()}>
        {t('institution.activate')}
      </Button>
    );
  return (
    <ActButton
      color="cinnabar"
      act={() => call('PATCH', `/v1/institutions/${id}`, { body: { active: false } })}
      touches={['/v1/institutions']}
      after={() =>
        say(t('institution.deactivated', { name }), {
          undo: { label: t('institution.activate'), act: () => activating.mutate() },
        })
      }
      confirm={{
        title: t('institution.deactivate.title', { name }),
        text: <p>{t('institution.deactivate.what')}</p>,
        yes: t('institution.deactivate'),
      }}
    >
      {t('institution.deactivate')}
    </ActButton>
  );
}

const stateTones: Readonly<Record<Key['state'], Tone>> = { active: 'patina', expired: 'stone', revoked: 'stone' };

function Keys({ institution: { id, active }, onIssued }: InstitutionDetailProps): ReactElement {
  const { t } = useWords('access');
  const [isIssuing, issuing] = useDisclosure(false);
  const [days, setDays] = useState(365);
  const query = useQuery({
    queryKey: [keysPath(id)],
    queryFn: ({ signal }) => get<{ keys: readonly Key[] }>(keysPath(id), { signal }),
  });
  return (
    <Panel
      title={t('key.list')}
      acts={
        active ? (
          <Button variant="default" onClick={issuing.open}>
            {t('key.issue')}
          </Button>
        ) : undefined
      }
    >
      <Shown query={query}>
        {({ keys }) =>
          keys.length === 0 ? (
            <p className="soft">{t('key.none')}</p>
          ) : (
            <ul className="access-keys">
              {keys.map((key) => (
                <KeyLine key={key.id} institution={id} of={key} />
              ))}
            </ul>
          )
        }
      </Shown>
      <ActForm<IssuedKey>
        opened={isIssuing}
        onClose={issuing.close}
        title={t('key.issue')}
        what={<p>{t('key.issue.what')}</p>}
        submit={t('key.issue')}
        act={() => post(keysPath(id), { expiresInDays: days })}
        touches={[keysPath(id)]}
        after={(key) => onIssued({ institution: id, key })}
      >
        <NumberInput
          label={t('key.days')}
          value={days}
          onChange={(value) => setDays(Math.min(730, Math.max(1, Number(value) || 1)))}
          min={1}
          max={730}
          allowDecimal={false}
          data-autofocus
        />
      </ActForm>
    </Panel>
  );
}

function KeyLine({ institution, of }: { institution: string; of: Key }): ReactElement {
  const { t } = useWords('access');
  const [isOpen, opening] = useDisclosure(false);
  const { id, state, createdAt, expiresAt, revokedAt, usedAt } = of;
  return (
    <li>
      <span className="mono" title={id}>
        {shortId(id)}
      </span>
      <Tag tone={stateTones[state]}>{t(`terms:keyState.${state}`)}</Tag>
      <span className="soft">
        {t('key.created')} <Instant at={createdAt} />
      </span>
      <span className="soft">
        {revokedAt === null ? (
          <>
            {t('key.expires')} <Instant at={expiresAt} />
          </>
        ) : (
          <>
            {t(state === 'active' ? 'key.ends' : 'key.revoked')} <Instant at={revokedAt} />
          </>
        )}
      </span>
      <span className="soft">
        {usedAt === null ? (
          t('key.unused')
        ) : (
          <>
            {t('key.used')} <Ago at={usedAt} />
          </>
        )}
      </span>
      {state === 'active' ? (
        <Button variant="default" size="compact-xs" color="cinnabar" onClick={opening.open}>
          {t('key.revoke')}
        </Button>
      ) : null}
      <Revoke institution={institution} keyId={id} opened={isOpen} onClose={opening.close} />
    </li>
  );
}

function Revoke(props: { institution: string; keyId: string; opened: boolean; onClose: () => void }): ReactElement {
  const { institution, keyId, opened, onClose } = props;
  const { t } = useWords('access');
  const [when, setWhen] = useState<'now' | 'later'>('now');
  const [at, setAt] = useState('');
  return (
    <ActForm
      opened={opened}
      onClose={onClose}
      title={t('key.revoke.title', { key: shortId(keyId) })}
      what={<p>{t('key.revoke.what')}</p>}
      submit={t('key.revoke')}
      color="cinnabar"
      isReady={when === 'now' || at !== ''}
      act={() => post(`${keysPath(institution)}/${keyId}/revocation`, { ...(when === 'later' && { at }) })}
      touches={[keysPath(institution)]}
      done={() => t(when === 'now' ? 'key.revoke.done' : 'key.revoke.later.done')}
    >
      <Radio.Group
        label={t('key.revoke.when')}
        value={when}
        onChange={(value) => setWhen(value === 'later' ? 'later' : 'now')}
      >
        <Radio value="now" label={t('key.revoke.now')} my={6} />
        <Radio value="later" label={t('key.revoke.later')} description={t('key.revoke.later.hint')} my={6} />
      </Radio.Group>
      {when === 'later' ? <InstantEntry label={t('key.revoke.at')} value={at} change={setAt} required focus /> : null}
    </ActForm>
  );
}
