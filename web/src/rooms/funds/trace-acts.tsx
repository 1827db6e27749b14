import { Button, Radio, Stack, Textarea } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import type { Trace, TraceSummary } from '../../../../server/src/funds/contract.ts';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useMay } from '../../link/session.ts';
import { ActForm } from '../../ui/act-form.tsx';
import { useWords } from '../../ui/words.ts';

const methods = [
  'haircut',
  'first-in-first-out',
  'lowest-intermediate-balance',
] as const satisfies readonly Trace['method'][];
const groundsMax = 2000;

/** What can be done with the trace as a whole. */
export function TraceActs({ trace }: { trace: Trace }): ReactElement {
  const { t } = useWords('funds');
  const may = useMay();
  const [open, setOpen] = useState<'method' | 'close' | undefined>(undefined);
  const isOurs = may('funds.trace') && trace.state === 'open';
  const close = (): void => setOpen(undefined);
  return (
    <>
      {isOurs ? (
        <>
          <Button variant="default" onClick={() => setOpen('method')}>
            {t('trace.method')}
          </Button>
          <Button variant="default" onClick={() => setOpen('close')}>
            {t('trace.close')}
          </Button>
        </>
      ) : null}
      <Button variant="default" onClick={() => print()}>
        {t('trace.print')}
      </Button>
      <MethodForm trace={trace} opened={open === 'method'} onClose={close} />
      <CloseForm trace={trace} opened={open === 'close'} onClose={close} />
    </>
  );
}

interface FormProps {
  readonly trace: Trace;
  readonly opened: boolean;
  readonly onClose: () => void;
}

const touches = ['/v1/traces'];

function MethodForm({ trace, opened, onClose }: FormProps): ReactElement {
  const { t } = useWords('funds');
  const path = `/v1/traces/${trace.id}`;
  const { draft, change, clear } = useDraft(`trace-method:${trace.id}`, { method: trace.method, grounds: '' });
  return (
    <ActForm<TraceSummary>
      opened={opened}
      onClose={onClose}
      title={t('trace.method.title')}
      what={t('trace.method.what')}
      submit={t('trace.method.submit')}
      isReady={draft.grounds.trim() !== '' && draft.method !== trace.method}
      act={() => post(`${path}/method`, { method: draft.method, grounds: draft.grounds.trim() })}
      done={() => t('trace.method.done')}
      touches={[path, ...touches]}
      after={clear}
    >
      <Radio.Group
        label={t('trace.method.choose')}
        value={draft.method}
        onChange={(value) => change({ method: methods.find((method) => method === value) ?? trace.method })}
      >
        <Stack gap="xs" mt="xs">
          {methods.map((method) => (
            <Radio
              key={method}
              value={method}
              label={t(`terms:traceMethod.${method}`)}
              description={t(`terms:traceMethod.${method}.what`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Grounds value={draft.grounds} change={(grounds) => change({ grounds })} hint={t('trace.method.grounds')} />
    </ActForm>
  );
}

function CloseForm({ trace, opened, onClose }: FormProps): ReactElement {
  const { t } = useWords('funds');
  const path = `/v1/traces/${trace.id}`;
  const { draft, change, clear } = useDraft(`trace-close:${trace.id}`, { grounds: '' });
  return (
    <ActForm<TraceSummary>
      opened={opened}
      onClose={onClose}
      title={t('trace.close.title')}
      what={t('trace.close.what')}
      submit={t('trace.close.submit')}
      color="cinnabar"
      isReady={draft.grounds.trim() !== ''}
      act={() => post(`${path}/close`, { grounds: draft.grounds.trim() })}
      done={() => t('trace.close.done')}
      touches={[path, ...touches]}
      after={clear}
    >
      <Grounds value={draft.grounds} change={(grounds) => change({ grounds })} hint={t('trace.close.grounds')} />
    </ActForm>
  );
}

function Grounds(props: { value: string; change: (value: string) => void; hint: string }): ReactElement {
  const { t } = useWords('funds');
  return (
    <Textarea
      label={t('trace.grounds')}
      description={props.hint}
      value={props.value}
      maxLength={groundsMax}
      required
      data-autofocus
      onChange={({ currentTarget }) => props.change(currentTarget.value)}
    />
  );
}
