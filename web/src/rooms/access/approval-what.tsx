import type { ComponentType, ReactElement } from 'react';
import type { Approval } from '../../../../server/src/access/contract.ts';
import { FactTree } from '../../ui/fact-tree.tsx';
import { useWords } from '../../ui/words.ts';
import { ImportWhat, ListingWhat } from './approval-listing.tsx';
import { HoldsWhat, ReleaseWhat, SeizeWhat } from './approval-holds.tsx';
import { OrderWhat } from './approval-order.tsx';
import type { WhatProps } from './approval-parts.tsx';
import { AnswerWhat, SendWhat } from './approval-request.tsx';
import { ReturnWhat } from './approval-return.tsx';

const whats: Readonly<Record<string, ComponentType<WhatProps>>> = {
  'registry.list': ListingWhat,
  'registry.export': ListingWhat,
  'registry.import': ImportWhat,
  'orders.issue': OrderWhat,
  'liaison.send': SendWhat,
  'liaison.answer': AnswerWhat,
  'funds.hold': HoldsWhat,
  'funds.release': ReleaseWhat,
  'funds.seize': SeizeWhat,
  'funds.return': ReturnWhat,
};

/** What exactly would be done, in plain words; of an act that this release does not know, everything that it is given. */
export function ApprovalWhat({ approval }: { approval: Approval }): ReactElement {
  const { t } = useWords('access');
  const { payload, act } = approval;
  const What = Object.hasOwn(whats, act) ? whats[act] : undefined;
  if (What !== undefined && typeof payload === 'object' && payload !== null)
    return <What approval={approval} payload={payload as WhatProps['payload']} />;
  return (
    <>
      <p className="approval-says">{t('approval.says.unknown')}</p>
      <FactTree of={payload} />
    </>
  );
}
