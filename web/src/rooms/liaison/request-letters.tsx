import { Button, Group, NativeSelect, Textarea } from '@mantine/core';
import { getNonce } from 'get-nonce';
import { useState, type ReactElement } from 'react';
import { callForBlob } from '../../link/call.ts';
import { useAct } from '../../ui/act.tsx';
import { useOtherWords } from '../../ui/other-words.ts';
import { Panel } from '../../ui/page.tsx';
import { say } from '../../ui/toast.tsx';
import { languages, nativeNames, useWords, type Language } from '../../ui/words.ts';

/** The fonts of this page, by their whole address: a machine may have none for another member’s script. */
function fontFaces(): string {
  const rules = [...document.styleSheets].flatMap((sheet) =>
    [...sheet.cssRules]
      .filter((rule) => rule instanceof CSSFontFaceRule)
      .map((rule) =>
        rule.cssText.replace(/url\("?([^")]+)"?\)/g, (_, path: string) => {
          const from = sheet.href ?? document.baseURI;
          return `url("${new URL(path, from).href}")`;
        }),
      ),
  );
  return rules.join('\n');
}

/** The page that the server wrote, in a window of its own. Its style bears this page’s nonce, as it falls under the same policy. */
async function openLetter(id: string, chosen: readonly Language[], print: string): Promise<boolean> {
  const blob = await callForBlob(`/v1/requests/${id}/letter`, {
    query: { languages: chosen.join(',') },
    purpose: 'request',
  });
  const html = (await blob.text())
    .replace('<style>', () => `<style nonce="${getNonce() ?? ''}">\n${fontFaces()}\n`)
    .replace("style-src 'unsafe-inline'", () => `style-src 'unsafe-inline'; font-src ${location.origin}`);
  const url = URL.createObjectURL(new Blob([html], { type: 'text/html;charset=utf-8' }));
  const tab = window.open(url, '_blank');
  if (tab === null) return false;
  tab.addEventListener('load', () => {
    const button = tab.document.createElement('button');
    button.textContent = print;
    button.style.cssText = 'position:fixed;inset:1rem 1rem auto auto;padding:.4rem .9rem;font:inherit;cursor:pointer';
    button.addEventListener('click', () => tab.print());
    tab.addEventListener('beforeprint', () => (button.hidden = true));
    tab.addEventListener('afterprint', () => (button.hidden = false));
    button.focus();
    tab.document.body.prepend(button);
    URL.revokeObjectURL(url);
  });
  return true;
}

/** The formal letter in one or two languages, and the plain text for I-24/7. */
export function Letters({ id, beside }: { id: string; beside: Language }): ReactElement {
  const { t, language } = useWords('liaison');
  const [second, setSecond] = useState<Language | ''>(beside);
  const [plain, setPlain] = useState('');
  // Brings its font here as well.
  useOtherWords(second === '' ? language : second);
  const letter = useAct<void, boolean>({
    act: async () => openLetter(id, second === '' || second === language ? [language] : [language, second], t('print')),
    after: (isOpen) => {
      if (!isOpen) say(t('letter.blocked'), { tone: 'ochre' });
    },
  });
  const text = useAct<Language, string>({
    act: async (chosen) => {
      const blob = await callForBlob(`/v1/requests/${id}/plain`, { query: { language: chosen }, purpose: 'request' });
      return blob.text();
    },
    after: setPlain,
  });
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(plain);
    say(t('plain.copied'));
  };
  return (
    <Panel title={t('letters')}>
      <NativeSelect
        label={t('letter.second')}
        value={second}
        data={[
          { value: '', label: t('letter.alone') },
          ...languages.filter((one) => one !== language).map((value) => ({ value, label: nativeNames[value] })),
        ]}
        onChange={(event) => setSecond(event.currentTarget.value as Language | '')}
      />
      <Group gap="xs" mt="xs">
        <Button variant="default" loading={letter.isPending} onClick={() => letter.mutate()}>
          {t('letter.open')}
        </Button>
        <Button variant="default" loading={text.isPending} onClick={() => text.mutate('en')}>
          {t('plain.show')}
        </Button>
      </Group>
      {plain === '' ? null : (
        <div>
          <Textarea
            mt="xs"
            label={t('plain')}
            readOnly
            maxRows={14}
            value={plain}
            classNames={{ input: 'mono' }}
            lang="en"
          />
          <Button
            mt="xs"
            variant="default"
            onClick={() => void copy().catch(() => say(t('plain.select'), { tone: 'ochre' }))}
          >
            {t('plain.copy')}
          </Button>
        </div>
      )}
    </Panel>
  );
}
