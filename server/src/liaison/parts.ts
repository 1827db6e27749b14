import type { Access } from '../access/access.ts';
import type { Alerts } from '../alerts/alerts.ts';
import type { Directory } from '../directory/directory.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db } from '../platform/db.ts';
import type { Live } from '../platform/live.ts';
import type { Telemetry } from '../platform/telemetry.ts';

/** What the room stands on. */
export interface LiaisonParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly journal: Pick<Journal, 'member' | 'append' | 'isHeld' | 'follow'>;
  readonly directory: Pick<Directory, 'isMember'>;
  readonly access: Pick<
    Access,
    | 'requirePermission'
    | 'requireOfficer'
    | 'requireStepUp'
    | 'requirePurpose'
    | 'recordRead'
    | 'defineAct'
    | 'perform'
    | 'officers'
  >;
  readonly alerts: Pick<Alerts, 'raise' | 'ledTo'>;
  readonly evidence: Pick<Evidence, 'attach'>;
  readonly live: Pick<Live, 'topic'>;
  readonly telemetry: Telemetry;
}
