import type { DeskRole, StepId, View } from '../hub-looks.ts';

export type Country = 'cn' | 'kh' | 'la' | 'mm' | 'th' | 'vn';

/** Everything that the hub page says, in one language. Texts are plain, never markup; a missing one does not compile. */
export interface HubWords {
  readonly title: string;
  readonly lead: string;
  /** What this is, in three paragraphs. */
  readonly explained: readonly [Paragraph, Paragraph, Paragraph];
  readonly picture: { readonly label: string; readonly shared: string; readonly home: string };
  readonly languages: string;
  readonly countries: Readonly<Record<Country, string>>;
  readonly standing: {
    ready(ready: number, of: number): string;
    cutOff(countries: string): string;
    readonly silent: string;
    readonly up: string;
    readonly down: string;
    hears(live: number, of: number): string;
    readonly isCutOff: string;
    readonly hearsUnknown: string;
    alerts(open: number, urgent: number): string;
    readonly nothingWaits: string;
    readonly waitsUnknown: string;
  };
  readonly desks: {
    readonly heading: string;
    readonly lead: string;
    /** On the main button of a member's card. */
    readonly enter: string;
    readonly others: string;
    readonly roles: Readonly<Record<DeskRole, string>>;
    readonly bank: string;
    readonly exchange: string;
  };
  readonly story: {
    readonly heading: string;
    /** How its time passes. */
    readonly pace: string;
    readonly states: Readonly<Record<'ready' | 'playing' | 'paused' | 'over', string>>;
    telling(run: number): string;
    progress(done: number, of: number): string;
    readonly step: string;
    readonly play: string;
    readonly pause: string;
    readonly again: string;
    readonly now: string;
    readonly next: string;
    readonly end: string;
    readonly look: string;
    readonly all: string;
    /** While the servers start. */
    readonly untold: string;
    missing(countries: string): string;
    /** What became of what a step should lead to. */
    followed(held: number, of: number): string;
    readonly stepStates: Readonly<Record<'ahead' | 'playing' | 'held' | 'broken', string>>;
    readonly views: Readonly<Record<View, string>>;
    readonly shell: string;
    /** The story in this language; English is its own. */
    readonly told?: { readonly title: string; readonly steps: Readonly<Record<StepId, string>> };
  };
  readonly signIn: { readonly heading: string; readonly text: string };
  readonly try: { readonly heading: string; readonly text: string; readonly cut: string; readonly stop: string };
  readonly trouble: {
    readonly heading: string;
    readonly notReady: string;
    readonly refused: string;
    readonly back: string;
  };
}

interface Paragraph {
  readonly heading: string;
  readonly text: string;
}
