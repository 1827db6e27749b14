import { aftermath } from './aftermath.ts';
import { alarm } from './alarm.ts';
import type { Story } from './story.ts';
import { theft } from './theft.ts';
import { minutes } from './wording.ts';

/**
 * A call from the police that is none: 480,000 baht leave Thailand for four places within three minutes, and a noodle shop
 * is paid for soup with some of it. The victim calls the hotline six minutes after she paid; 394,000 come back.
 */
export const fakePolice: Story = {
  id: 'fake-police',
  title: 'A call from the police',
  steps: [
    {
      id: 'myanmar-is-cut-off',
      at: -minutes(95),
      says: 'Myanmar’s line to the others is down, and stays so for two hours.',
      does: { kind: 'cut-off', member: 'mm' },
    },
    ...theft,
    ...alarm,
    ...aftermath,
  ],
  closing:
    'What follows takes hours and weeks: the complaint, the noodle shop’s appeal, the courts, and on day 40 the 394,000 baht that go back to her. The tests play it to its end, in a time of their own.',
};
