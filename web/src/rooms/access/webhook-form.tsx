import type { EndpointWithSecret } from '@bronze-drum/client/endpoints';
import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Institution } from '../../../../server/src/access/contract.ts';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { ActForm } from '../../ui/act-form.tsx';
import { useWords } from '../../ui/words.ts';
import { webhooksPath, webhookTypes } from './webhook.ts';

interface WebhookFormProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly institutions: readonly Institution[];
  /** The one to begin with. */
  readonly institution: string | undefined;
  readonly onIssued: (webhook: EndpointWithSecret) => void;
}

export function WebhookForm(props: WebhookFormProps): ReactElement {
  const { opened, onClose, institutions, institution, onIssued } = props;
  const { t } = useWords('access');
  const { draft, change, clear } = useDraft('webhook', {
    institution: '',
    url: '',
    description: '',
    types: [...webhookTypes] as string[],
  });
  const owner = draft.institution || institution || institutions[0]?.id || '';
  const { url, types } = draft;
  const isUrl = /^https?:\/\/\S+$/.test(url.trim());
  return (
    <ActForm<EndpointWithSecret>
      opened={opened}
      onClose={onClose}
      title={t('webhook.add')}
      what={<p>{t('webhook.add.what')}</p>}
      submit={t('add')}
      isReady={isUrl && owner !== '' && types.length > 0}
      act={() =>
        post(webhooksPath, {
          institution: owner,
          url: url.trim(),
          description: draft.description.trim(),
          ...(types.length < webhookTypes.length && { types }),
        })
      }
      touches={[webhooksPath]}
      after={(webhook) => {
        clear();
        onIssued(webhook);
      }}
    >
      <NativeSelect
        label={t('webhook.institution')}
        value={owner}
        onChange={({ currentTarget }) => change({ institution: currentTarget.value })}
        data={institutions.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <TextInput
        type="url"
        label={t('webhook.url')}
        description={t('webhook.url.hint')}
        value={url}
        onChange={({ currentTarget }) => change({ url: currentTarget.value })}
        error={url !== '' && !isUrl ? t('webhook.url.wrong') : undefined}
        maxLength={2000}
        required
        data-autofocus
      />
      <Checkbox.Group label={t('webhook.types')} value={types} onChange={(chosen) => change({ types: chosen })}>
        {webhookTypes.map((type) => (
          <Checkbox key={type} value={type} label={t(`terms:eventType.${type}`)} my={4} />
        ))}
      </Checkbox.Group>
      <TextInput
        label={t('webhook.description')}
        value={draft.description}
        onChange={({ currentTarget }) => change({ description: currentTarget.value })}
        maxLength={500}
      />
    </ActForm>
  );
}
