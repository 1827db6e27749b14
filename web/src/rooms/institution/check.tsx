import { SegmentedControl } from '@mantine/core';
import type { ReactElement } from 'react';
import { oneOf, useView } from '../../link/view.ts';
import { Page } from '../../ui/page.tsx';
import { useWords } from '../../ui/words.ts';
import { CheckMany } from './check-many.tsx';
import { CheckOne } from './check-one.tsx';
import './institution.css';

/** May this go? One identifier while a customer waits, or a whole list. */
export function Screen(): ReactElement {
  const { t } = useWords('institution');
  const [{ tab }, change] = useView((raw) => ({ tab: oneOf(raw['tab'], ['one', 'many'] as const) ?? 'one' }));
  return (
    <Page
      title={t('check.title')}
      beside={
        <SegmentedControl
          value={tab}
          onChange={(value) => change({ tab: value === 'one' ? undefined : value }, { push: true })}
          data={[
            { value: 'one', label: t('check.one') },
            { value: 'many', label: t('check.many') },
          ]}
        />
      }
    >
      {tab === 'one' ? <CheckOne /> : <CheckMany />}
    </Page>
  );
}
