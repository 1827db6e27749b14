import { NativeSelect, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { identifierTypes, type Hints } from '@bronze-drum/protocol/identifiers/identifier';
import { useWords } from '../../ui/words.ts';

/** How what is asked is to be read, as it is typed. */
export interface TypedHints {
  readonly type: string;
  readonly bank: string;
}

/** `country`: ISO 3166-1 alpha-2, upper case, whose national spellings apply. */
export function hintsOf({ type, bank }: TypedHints, country: string): Hints {
  const known = identifierTypes.find((one) => one === type);
  return {
    country,
    ...(known !== undefined && { type: known }),
    ...(known === 'account' && bank.trim() !== '' && { bank: bank.trim() }),
  };
}

/** What kind of identifiers they are, where the text alone does not say it: an account as bare digits needs its bank. */
export function HintFields({
  hints: { type, bank },
  change,
}: {
  hints: TypedHints;
  change: (part: Partial<TypedHints>) => void;
}): ReactElement {
  const { t } = useWords('institution');
  return (
    <>
      <NativeSelect
        label={t('check.type')}
        value={type}
        onChange={({ currentTarget }) => change({ type: currentTarget.value })}
        data={[
          { value: '', label: t('check.type.any') },
          ...identifierTypes.map((one) => ({ value: one, label: t(`terms:identifierType.${one}`) })),
        ]}
      />
      {type === 'account' ? (
        <TextInput
          label={t('check.bank')}
          placeholder={t('check.bank.hint')}
          autoComplete="off"
          maxLength={64}
          value={bank}
          onChange={({ currentTarget }) => change({ bank: currentTarget.value })}
        />
      ) : null}
    </>
  );
}
