import { Button, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import type { Listing } from '../../../../server/src/registry/contract.ts';
import { useMay } from '../../link/session.ts';
import { useWords } from '../../ui/words.ts';
import { AudienceForm, CorroborateForm, RenewForm, ReviseForm, WithdrawForm } from './listing-forms.tsx';

const acts = ['revise', 'renew', 'audience', 'withdraw', 'corroborate'] as const;
type Act = (typeof acts)[number];

const forms = {
  revise: ReviseForm,
  renew: RenewForm,
  audience: AudienceForm,
  withdraw: WithdrawForm,
  corroborate: CorroborateForm,
};

const permissionOf: Readonly<Record<Act, string>> = {
  revise: 'registry.list',
  renew: 'registry.list',
  audience: 'registry.search',
  withdraw: 'registry.withdraw',
  corroborate: 'registry.list',
};

/** What this officer may do with a listing that stands: change our own, confirm others'. */
export function ListingActs({ listing, isOurs }: { listing: Listing; isOurs: boolean }): ReactElement | null {
  const { t } = useWords('registry');
  const may = useMay();
  const [open, setOpen] = useState<Act | undefined>();
  const client = useQueryClient();
  const close = (): void => {
    setOpen(undefined);
    // What waited for a second person may have been done while its notice stood here.
    void client.invalidateQueries({ queryKey: ['/v1/registry/identifiers'] });
  };
  if (listing.state !== 'listed' && listing.state !== 'pending') return null;
  // Widening asks for one permission, narrowing for the other.
  const mayMove = may('registry.list') || may('registry.withdraw');
  const offered = acts.filter(
    (act) => (act === 'corroborate') !== isOurs && may(permissionOf[act]) && (act !== 'audience' || mayMove),
  );
  const Form = open === undefined ? undefined : forms[open];
  return (
    <span className="registry-acts">
      {offered.map((act) => (
        <Button key={act} variant="subtle" size="compact-xs" onClick={() => setOpen(act)}>
          {t(`act.${act}`)}
        </Button>
      ))}
      {isOurs && may('redress.lodge') ? (
        <Button component={Link} to={`/appeals/new?kind=listing&id=${listing.id}`} variant="subtle" size="compact-xs">
          {t('act.appeal')}
        </Button>
      ) : null}
      <Modal
        opened={open !== undefined}
        onClose={close}
        title={open === undefined ? '' : t(`act.${open}.title`)}
        size="lg"
      >
        {Form === undefined ? null : <Form listing={listing} close={close} />}
      </Modal>
    </span>
  );
}
