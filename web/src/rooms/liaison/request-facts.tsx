import { NativeSelect } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { requestForms } from '@bronze-drum/protocol/requests';
import type { Conversation } from '../../../../server/src/liaison/contract.ts';
import { shortId } from '../../ui/identifier.tsx';
import { wordOf } from '../../ui/other-words.ts';
import { Panel } from '../../ui/page.tsx';
import { Loading } from '../../ui/states.tsx';
import { Tag } from '../../ui/tag.tsx';
import { languages, nativeNames, useWords, type Language } from '../../ui/words.ts';
import { linesOf, SideBySide, Written, type Line, type Reading } from './reading.tsx';

/** What is asked, in one’s own language and in another: coded facts in both, free words as they were written. */
export function AskedFacts(props: {
  of: Conversation;
  readings: readonly [Reading, Reading] | undefined;
  beside: Language;
  onBeside: (language: Language) => void;
}): ReactElement {
  const { of, readings, beside, onBeside } = props;
  const { t, language } = useWords('liaison');
  const others = languages.filter((one) => one !== language);
  return (
    <Panel
      title={t('asked')}
      acts={
        <NativeSelect
          size="xs"
          aria-label={t('beside')}
          value={beside}
          data={others.map((value) => ({ value, label: nativeNames[value] }))}
          onChange={(event) => onBeside(event.currentTarget.value as Language)}
        />
      }
    >
      {readings === undefined ? <Loading /> : <SideBySide lines={linesOfRequest(of)} readings={readings} />}
      <p className="liaison-tags liaison-foot">
        <Tag tone="stone" title={t(`terms:tlp.${of.handling.tlp}.what`)}>
          {t(`terms:tlp.${of.handling.tlp}`)}
        </Tag>
        {of.handling.conditions.map((condition) => (
          <Tag key={condition} tone="ochre">
            {t(`terms:condition.${condition}`)}
          </Tag>
        ))}
        {of.handling.restriction === undefined ? null : <span>{of.handling.restriction}</span>}
        <span className="soft">{t('written-as')}</span>
      </p>
    </Panel>
  );
}

function linesOfRequest({ body, request }: Conversation): Line[] {
  const said =
    (list: 'requestKinds' | 'priorities' | 'offences' | 'purposes', code: string) =>
    ({ words }: Reading): string =>
      wordOf(words.phrases[list], code);
  const label =
    (name: keyof Reading['words']['sentences']['labels']) =>
    ({ words }: Reading): string =>
      words.sentences.labels[name];
  const { to, signedBy, joins } = body;
  const named = [to.desk, to.officer].filter((one) => one !== undefined).join(', ');
  const signed =
    signedBy === undefined
      ? ({ words }: Reading) => words.sentences.byStandingRule
      : ({ format }: Reading) => `${signedBy.office}, ${signedBy.officer}, ${format.instant(signedBy.at)}`;
  return [
    { name: 'kind', label: label('subject'), value: said('requestKinds', body.kind) },
    { name: 'priority', label: label('priority'), value: said('priorities', body.priority) },
    { name: 'offence', label: label('offence'), value: said('offences', body.offence) },
    { name: 'purpose', label: label('purpose'), value: said('purposes', body.purpose) },
    { name: 'legalBasis', label: label('legalBasis'), value: () => body.legalBasis, isOne: true },
    { name: 'necessity', label: label('necessity'), value: () => <Written text={body.necessity} />, isOne: true },
    ...linesOf(requestForms[body.kind] ?? {}, body.details),
    ...(named === '' ? [] : [{ name: 'to', label: label('to'), value: () => named, isOne: true }]),
    ...(joins === undefined
      ? []
      : [
          {
            name: 'joins',
            label: label('joins'),
            value: () => <Link to={`/requests/${joins}`}>{shortId(joins)}</Link>,
            isOne: true,
          },
        ]),
    ...(request.revision === 0 ? [] : [{ name: 'signed', label: label('signature'), value: signed }]),
  ];
}
