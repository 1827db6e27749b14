import { useState } from 'react';

const prefix = 'draft:';

/**
 * What somebody types and has not sent: it outlives a reload and a session that ended, in this tab only, until `clear` or signing
 * out. `name` names the form and what it is about: `list`, `request:<id>`.
 */
export function useDraft<Draft extends object>(
  name: string,
  initial: Draft,
): { draft: Draft; change: (part: Partial<Draft>) => void; clear: () => void; isKept: boolean } {
  const [state, setState] = useState(() => stateOf(name, initial));
  const current = state.name === name ? state : stateOf(name, initial);
  const change = (part: Partial<Draft>): void => {
    const draft = { ...stateOf(name, initial).draft, ...part };
    sessionStorage.setItem(prefix + name, JSON.stringify(draft));
    setState({ name, draft, isKept: true });
  };
  const clear = (): void => {
    sessionStorage.removeItem(prefix + name);
    setState({ name, draft: initial, isKept: false });
  };
  return { draft: current.draft, change, clear, isKept: current.isKept };
}

function stateOf<Draft extends object>(name: string, initial: Draft): { name: string; draft: Draft; isKept: boolean } {
  const found = kept(name);
  return { name, draft: { ...initial, ...(found as Partial<Draft> | undefined) }, isKept: found !== undefined };
}

const ownerKey = 'drafts-of';

/** Drafts outlive a session that ended for whoever typed them, and for nobody else who signs in at this machine. */
export function keepDraftsOf(person: string): void {
  const owner = sessionStorage.getItem(ownerKey);
  if (owner !== null && owner !== person) forgetDrafts();
  sessionStorage.setItem(ownerKey, person);
}

/** Whoever signs in next at this machine finds nothing of what was typed. */
export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
}

function kept(name: string): unknown {
  const text = sessionStorage.getItem(prefix + name);
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
