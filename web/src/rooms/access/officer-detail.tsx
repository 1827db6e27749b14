import { permissionsOf, roles as allRoles } from '@bronze-drum/protocol/roles';
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactElement } from 'react';
import type { IssuedCode, Office, Officer } from '../../../../server/src/access/contract.ts';
import { call, post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useAct, ActButton } from '../../ui/act.tsx';
import { ActForm } from '../../ui/act-form.tsx';
import { Instant } from '../../ui/clock.tsx';
import { Facts, Panel } from '../../ui/page.tsx';
import { useWords } from '../../ui/words.ts';
import { NameEntry } from './office-forms.tsx';
import { PermissionList, RoleChoice } from './role-choice.tsx';

const touched = ['/v1/officers'];

interface OfficerDetailProps {
  readonly officer: Officer;
  readonly office: Office | undefined;
  readonly onIssued: (issued: IssuedCode) => void;
}

/** One officer: what they may do, and what an administrator can change about it. */
export function OfficerDetail({ officer, office, onIssued }: OfficerDetailProps): ReactElement {
  const { t } = useWords('access');
  const [isChanging, changing] = useDisclosure(false);
  const { id, name, roles, active, canSignIn, createdAt } = officer;
  const permissions = [...permissionsOf(roles)].toSorted();
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
            [t('officer.office'), office?.name ?? officer.office],
            [t('state'), t(!active ? 'officer.inactive' : canSignIn ? 'officer.active' : 'officer.waits')],
            [t('added'), <Instant key="added" at={createdAt} />],
          ]}
        />
        <div className="access-acts">
          <Button variant="default" onClick={changing.open}>
            {t('officer.change')}
          </Button>
          {active ? <Reset officer={officer} onIssued={onIssued} /> : null}
          {active ? (
            <ActButton
              color="cinnabar"
              act={() => call('PATCH', `/v1/officers/${id}`, { body: { active: false } })}
              touches={touched}
              done={t('officer.deactivated', { name })}
              confirm={{
                title: t('officer.deactivate.title', { name }),
                text: <p>{t('officer.deactivate.what')}</p>,
                yes: t('officer.deactivate'),
              }}
            >
              {t('officer.deactivate')}
            </ActButton>
          ) : (
            <Activate officer={officer} onIssued={onIssued} />
          )}
        </div>
      </Panel>
      <Panel title={t('officer.may')}>
        {roles.map((role) => (
          <p key={role}>
            <strong>{t(`terms:role.${role}`)}</strong> <span className="soft">{t(`terms:role.${role}.what`)}</span>
          </p>
        ))}
        <PermissionList permissions={permissions} />
      </Panel>
      <ChangeForm officer={officer} opened={isChanging} onClose={changing.close} />
    </>
  );
}

function Reset({ officer: { id, name }, onIssued }: Pick<OfficerDetailProps, 'officer' | 'onIssued'>): ReactElement {
  const { t } = useWords('access');
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('officer.reset')}
      </Button>
      <ActForm<IssuedCode>
        opened={isOpen}
        onClose={close}
        title={t('officer.reset.title', { name })}
        what={<p>{t('officer.reset.what')}</p>}
        submit={t('officer.reset')}
        color="cinnabar"
        act={() => post(`/v1/officers/${id}/reset`)}
        touches={touched}
        after={onIssued}
      />
    </>
  );
}

/** Active again, with a new code at once: the old password is gone. */
function Activate({ officer: { id, name }, onIssued }: Pick<OfficerDetailProps, 'officer' | 'onIssued'>): ReactElement {
  const { t } = useWords('access');
  const activating = useAct<void, IssuedCode>({
    act: async () => {
      await call('PATCH', `/v1/officers/${id}`, { body: { active: true } });
      return post(`/v1/officers/${id}/reset`);
    },
    done: () => t('officer.activated', { name }),
    touches: touched,
    after: onIssued,
  });
  return (
    <Button variant="default" color="patina" loading={activating.isPending} onClick={() => activating.mutate()}>
      {t('officer.activate')}
    </Button>
  );
}

function ChangeForm({
  officer,
  opened,
  onClose,
}: {
  officer: Officer;
  opened: boolean;
  onClose: () => void;
}): ReactElement {
  const { t } = useWords('access');
  const { draft, change, clear } = useDraft(`officer:${officer.id}`, { name: officer.name, roles: officer.roles });
  const isSame =
    draft.name.trim() === officer.name && [...draft.roles].sort().join() === [...officer.roles].sort().join();
  const lost = officer.roles.filter((role) => !draft.roles.includes(role));
  return (
    <ActForm
      opened={opened}
      onClose={onClose}
      title={t('officer.change.title', { name: officer.name })}
      what={<p>{t('officer.change.what')}</p>}
      submit={t('save')}
      isReady={!isSame && draft.name.trim() !== '' && draft.roles.length > 0}
      act={() =>
        call('PATCH', `/v1/officers/${officer.id}`, {
          body: {
            name: draft.name.trim(),
            roles: draft.roles.filter((role) => allRoles.some((known) => known === role)),
          },
        })
      }
      touches={touched}
      done={() => t('officer.changed', { name: draft.name.trim() })}
      after={clear}
    >
      <NameEntry value={draft.name} change={(name) => change({ name })} />
      <RoleChoice value={draft.roles} change={(roles) => change({ roles })} />
      {lost.length === 0 ? null : (
        <div className="notice tone-ochre">
          <p>{t('officer.loses', { roles: lost.map((role) => t(`terms:role.${role}`)).join(', ') })}</p>
        </div>
      )}
    </ActForm>
  );
}
