import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { castOf, institutionOf } from '@bronze-drum/simulator/story/casting';
import { fakePolice } from '@bronze-drum/simulator/story/fake-police';
import { openPlay, type Play, type PlayView } from '@bronze-drum/simulator/story/playing';
import type { Stage } from '@bronze-drum/simulator/story/stage';
import { membersOf } from '@bronze-drum/simulator/story/story';
import { jsonOf, replaceFile } from './private-file.ts';

export interface StoryView extends PlayView {
  /** How many times it has been told on this data, this one counted: each time it is other numbers and accounts. */
  readonly run: number;
  /** Members that play in it and are not here. */
  readonly missing: readonly string[];
}

/** The story on this machine's servers: one play at a time, steered from the page and from the command line. */
export interface StoryDesk {
  view(): StoryView;
  /** Plays the next step; false if there is none. */
  step(): Promise<boolean>;
  /** Plays on by itself, so many times as fast as in the story. */
  play(speed: number): void;
  pause(): void;
  /** Begins anew, with other numbers and accounts. */
  again(): Promise<void>;
  close(): Promise<void>;
}

export const storyPath = (data: string): string => join(data, 'story.json');

export async function openStoryDesk(parts: {
  data: string;
  members: readonly string[];
  stage: Stage;
  onError: (error: unknown) => void;
}): Promise<StoryDesk> {
  const { data, members, stage, onError } = parts;
  const file = storyPath(data);
  const missing = membersOf(fakePolice).filter((member) => !members.includes(member));
  let run = await readRun(file);
  let play = open();

  function open(): Play {
    return openPlay({ story: fakePolice, cast: castOf(run), stage, institutionOf });
  }

  return {
    view: () => ({ ...play.view(), run, missing }),
    step: () => play.step(),
    play(speed) {
      play.run(speed).catch(onError);
    },
    pause: () => play.pause(),
    async again() {
      await play.close();
      run += 1;
      await replaceFile(file, JSON.stringify({ run }));
      play = open();
    },
    close: () => play.close(),
  };
}

/** A story that was begun in an earlier start is told anew: what it left behind would look like its own. */
async function readRun(file: string): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const { run } = (jsonOf(text) ?? {}) as { run?: unknown };
  const next = typeof run === 'number' && Number.isSafeInteger(run) ? run + 1 : 1;
  await replaceFile(file, JSON.stringify({ run: next }));
  return next;
}
