import '@fontsource-variable/noto-sans/wght.css';
import '@mantine/core/styles.css';
import './ui/theme.css';
import './ui/frame.css';
import './ui/lists.css';
import { createRoot } from 'react-dom/client';
import { setNonce } from 'get-nonce';
import { openQueryClient } from './link/lists.ts';
import { deskQuery, sessionQuery } from './link/session.ts';
import { App } from './shell/app.tsx';
import { openRouter } from './shell/router.tsx';
import { openWords, firstLanguage } from './ui/words.ts';

// The strict policy lets in only styles that bear the page's nonce; libraries that make <style> ask here.
const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
setNonce(nonce);

// Asked for at once: the words, who is signed in, and the screen that the address names.
const client = openQueryClient();
const router = openRouter(client);
const words = openWords(firstLanguage());
// What fails of it is told by the frame, which asks again.
void Promise.allSettled([
  client.query(deskQuery),
  client.query(sessionQuery),
  router.preloadRoute({ to: location.pathname }),
]);
await words;
createRoot(document.querySelector('#desk')!).render(<App nonce={nonce} client={client} router={router} />);
