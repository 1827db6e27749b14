import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, type ReactElement, type SubmitEvent } from 'react';
import type { ScreenResponse } from '../../../../server/src/screening/contract.ts';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useInstitution } from '../../link/session.ts';
import { useView } from '../../link/view.ts';
import { useAct } from '../../ui/act.tsx';
import { Instant } from '../../ui/clock.tsx';
import { Panel } from '../../ui/page.tsx';
import { ReadAs } from '../../ui/read-as.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { useWords } from '../../ui/words.ts';
import { checkedOf, isScreened, type Checked } from './checking.ts';
import { HintFields, hintsOf } from './hints.tsx';
import { Verdict } from './verdict.tsx';

interface Found {
  readonly checked: Checked;
  /** The instant for which it is true. */
  readonly at: string;
}

/** One identifier. It is asked when somebody says so, and not by opening a link: each question is recorded. */
export function CheckOne(): ReactElement {
  const { t } = useWords('institution');
  const country = useInstitution().member.toUpperCase();
  const [{ of }] = useView((raw) => ({ of: raw['of'] ?? '' }));
  const { draft, change } = useDraft(`check:${of}`, { text: of, type: '', bank: '' });
  const text = draft.text.trim();
  const asking = useAct<void, Found>({
    act: async () => {
      const hints = hintsOf(draft, country);
      const { now, results } = await post<ScreenResponse>('/v1/screen', {
        identifiers: [{ identifier: text, ...hints }],
      });
      return { checked: checkedOf([{ line: 1, text }], results)[0]!, at: now };
    },
    quiet: true,
  });
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (text !== '' && !asking.isPending) asking.mutate();
  };
  const put = (part: Partial<typeof draft>): void => {
    change(part);
    // An answer beside another question would be read as the answer to it.
    asking.reset();
  };
  const found = asking.data;
  return (
    <div className="institution-stack" style={{ maxWidth: '56rem' }}>
      <Panel>
        <form onSubmit={submit}>
          <div className="institution-ask">
            <TextInput
              ref={field}
              label={t('check.what')}
              autoComplete="off"
              maxLength={4096}
              value={draft.text}
              onChange={({ currentTarget }) => put({ text: currentTarget.value })}
            />
            <HintFields hints={draft} change={put} />
            <Button type="submit" size="sm" loading={asking.isPending} disabled={text === ''}>
              {t('check.submit')}
            </Button>
          </div>
          {draft.type === '' ? <ReadAs text={draft.text} country={country} /> : null}
          <p className="soft" style={{ marginBlockEnd: 0 }}>
            {t('check.hint')}
          </p>
        </form>
      </Panel>
      {asking.error === null ? null : <RefusalNotice error={asking.error} />}
      {found === undefined ? null : (
        <>
          <Verdict checked={found.checked} />
          <p className="soft" style={{ margin: 0 }}>
            {t('check.at')} <Instant at={found.at} />
            {isScreened(found.checked.answer) && found.checked.answer.advice !== 'clear' ? (
              <>
                {' · '}
                <Link to="/institution/report" search={{ to: found.checked.answer.identifier }}>
                  {t('check.report')}
                </Link>
              </>
            ) : null}
          </p>
        </>
      )}
    </div>
  );
}
