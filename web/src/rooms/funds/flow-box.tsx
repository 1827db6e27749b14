import { memo, type ReactElement } from 'react';
import { useFormat } from '../../ui/format.ts';
import { useMemberName } from '../../ui/member.ts';
import { useWords } from '../../ui/words.ts';
import type { FlowBox } from './flow-layout.ts';
import { StateSign, stateTones, useCaption, useStateText } from './flow-words.tsx';

interface BoxProps {
  readonly box: FlowBox;
  readonly currency: string;
  readonly className: string;
  readonly isChosen: boolean;
  readonly tabIndex: number;
  readonly look: (id: string | undefined) => void;
  readonly focus: (id: string | undefined) => void;
  readonly choose: (id: string) => void;
  readonly unfold: (cell: string) => void;
}

/** One place, or the small ones together, where the picture has it. */
export const FlowBoxButton = memo(function FlowBoxButton(props: BoxProps): ReactElement {
  const { box, currency, className, isChosen, tabIndex, look, focus, choose, unfold } = props;
  const { id, x, y, width, height, nodes } = box;
  const [node] = nodes;
  const isGroup = nodes.length > 1 || id.startsWith('group:');
  const tone = isGroup ? 'stone' : stateTones[node!.state];
  return (
    <button
      type="button"
      data-box={id}
      className={`flow-box tone-${tone} ${isGroup ? 'flow-group' : `flow-is-${node!.state}`} ${className}`}
      style={{ left: x, top: y, width, minHeight: height }}
      aria-pressed={isChosen}
      tabIndex={tabIndex}
      onMouseEnter={() => look(id)}
      onMouseLeave={() => look(undefined)}
      onFocus={() => focus(id)}
      onBlur={() => focus(undefined)}
      onClick={() => (isGroup ? unfold(id.slice('group:'.length)) : choose(id))}
    >
      {isGroup ? <Several box={box} currency={currency} /> : <One box={box} currency={currency} />}
    </button>
  );
});

/** All of one picture is in one currency, which its title says. */
const withoutCurrency = (text: string): string => text.replace(/^[A-Z]{3}\s/, '');

function One({ box, currency }: Pick<BoxProps, 'box' | 'currency'>): ReactElement {
  const { t } = useWords('funds');
  const memberName = useMemberName();
  const format = useFormat();
  const caption = useCaption();
  const stateText = useStateText();
  const node = box.nodes[0]!;
  const money = { value: String(node.reached), currency };
  return (
    <>
      <span className="flow-line">
        <span className="mono flow-name">{caption(node)}</span>
        <span className="flow-sum">{withoutCurrency(format.shortMoney(money))}</span>
      </span>
      <span className="flow-line flow-state">
        <StateSign state={node.state} />
        <span className="flow-word">{stateText(node)}</span>
      </span>
      <span className="visually-hidden">
        {t('flow.box.label', {
          member: memberName(node.member),
          amount: format.money(money),
          time: format.time(node.atMs),
        })}
      </span>
    </>
  );
}

function Several({ box, currency }: Pick<BoxProps, 'box' | 'currency'>): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  const states = [...new Set(box.nodes.map(({ state }) => state))];
  return (
    <>
      <span className="flow-line">
        <span className="flow-name">{t('flow.more', { count: box.nodes.length })}</span>
        <span className="flow-sum">{withoutCurrency(format.shortMoney({ value: String(box.reached), currency }))}</span>
      </span>
      <span className="flow-line flow-state">
        {states.map((state) => (
          <StateSign key={state} state={state} />
        ))}
        <span className="flow-word">{t('flow.unfold')}</span>
      </span>
    </>
  );
}
