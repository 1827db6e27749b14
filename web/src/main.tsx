import '@fontsource-variable/noto-sans/wght.css';
import '@mantine/core/styles.css';
import './ui/theme.css';
import './ui/frame.css';
import './ui/lists.css';
import { createRoot } from 'react-dom/client';
import { setNonce } from 'get-nonce';
import { App } from './shell/app.tsx';
import { openWords, firstLanguage } from './ui/words.ts';

// The strict policy lets in only styles that bear the page's nonce; libraries that make <style> ask here.
const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
setNonce(nonce);

await openWords(firstLanguage());
createRoot(document.querySelector('#desk')!).render(<App nonce={nonce} />);
