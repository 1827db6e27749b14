import type { Remembered } from './verifying.ts';

type Kept = Readonly<Record<string, Remembered>>;

const nameOf = (member: string): string => `journal:${member}`;

/** What this browser saw of a member's books here when it last verified them: checkpoints only, nothing of what they say. */
export function recall(member: string): Kept {
  try {
    return JSON.parse(localStorage.getItem(nameOf(member)) ?? '{}') as Kept;
  } catch {
    return {};
  }
}

export function remember(member: string, book: string, seen: Remembered): void {
  localStorage.setItem(nameOf(member), JSON.stringify({ ...recall(member), [book]: seen }));
}
