import type { DeskProof } from '../../../../server/src/journal/contract.ts';
import type { Proven, Seen } from '../../link/proving.ts';
import type { BookChecked, HeldBook, Remembered } from './verifying.ts';

/** What the worker is asked. */
export type Task =
  | {
      readonly id: number;
      readonly kind: 'book';
      readonly book: HeldBook;
      readonly before: Remembered | undefined;
      readonly path: readonly string[] | undefined;
    }
  | { readonly id: number; readonly kind: 'entry'; readonly proof: DeskProof; readonly seen: Seen };

export type TaskAnswer =
  | { readonly id: number; readonly kind: 'book'; readonly checked: BookChecked }
  | { readonly id: number; readonly kind: 'entry'; readonly proven: Proven }
  | { readonly id: number; readonly kind: 'broken'; readonly why: string };
