import type { ReactElement } from 'react';
import { useFormat, type Format } from '../../ui/format.ts';
import { useMemberName } from '../../ui/member.ts';
import { useWords } from '../../ui/words.ts';
import type { FlowBox, FlowLayout, FlowRibbon } from './flow-layout.ts';
import { useCaption, useStateText } from './flow-words.tsx';

interface FactsProps {
  /** Id of a box or ribbon. */
  readonly about: string | undefined;
  readonly layout: FlowLayout;
  readonly currency: string;
  readonly whole: bigint;
}

/** One line below the picture: what the box or ribbon under the mouse, or in focus, stands for. */
export function FlowFacts({ about, layout, currency, whole }: FactsProps): ReactElement {
  const { t } = useWords('funds');
  const boxText = useBoxText(currency, whole);
  const ribbonText = useRibbonText(currency, whole);
  const ribbon = layout.ribbons.find(({ id }) => id === about);
  const box = layout.boxes.find(({ id }) => id === about);
  const boxOf = (id: string): FlowBox => layout.boxes.find((one) => one.id === id)!;
  return (
    <p className="flow-facts" aria-live="off">
      {ribbon !== undefined
        ? ribbonText(ribbon, boxOf(ribbon.from), boxOf(ribbon.to))
        : box !== undefined
          ? boxText(box)
          : t('flow.hint')}
    </p>
  );
}

const shareOf = (amount: bigint, whole: bigint, format: Format): string =>
  format.percent(whole === 0n ? 0 : Number(amount) / Number(whole));

function useName(): (box: FlowBox) => string {
  const { t } = useWords('funds');
  const caption = useCaption();
  return ({ nodes }) => (nodes.length === 1 ? caption(nodes[0]!) : t('flow.more', { count: nodes.length }));
}

function useBoxText(currency: string, whole: bigint): (box: FlowBox) => string {
  const { t } = useWords('funds');
  const memberName = useMemberName();
  const format = useFormat();
  const nameOf = useName();
  const stateText = useStateText();
  const money = (value: bigint): string => format.money({ value: String(value), currency });
  return (box) => {
    const { member, reached, atMs, nodes } = box;
    const values = {
      name: nameOf(box),
      member: memberName(member),
      amount: money(reached),
      share: shareOf(reached, whole, format),
      time: format.time(atMs),
    };
    if (nodes.length > 1) return t('flow.facts.several', values);
    const [node] = nodes;
    return t('flow.facts.box', { ...values, state: stateText(node!), stayed: money(node!.remains) });
  };
}

function useRibbonText(currency: string, whole: bigint): (ribbon: FlowRibbon, from: FlowBox, to: FlowBox) => string {
  const { t } = useWords('funds');
  const format = useFormat();
  const nameOf = useName();
  return ({ amount, payments, firstMs, lastMs }, from, to) =>
    t(payments === 1 ? 'flow.facts.payment' : 'flow.facts.payments', {
      from: nameOf(from),
      to: nameOf(to),
      amount: format.money({ value: String(amount), currency }),
      share: shareOf(amount, whole, format),
      first: format.time(firstMs),
      last: format.time(lastMs),
      number: payments,
    });
}
