import { actorId, type Actor } from '../kernel/actor.ts';
import { refuse } from '../kernel/refusals.ts';
import type { DirectoryParts, Keeper } from './holding.ts';
import * as store from './store.ts';

/** What this member alone decides about its neighbours. Nobody is told, and nobody need agree. All need directory.pause. */
export interface Pauses {
  /** `in`: we take nothing from them; `out`: we give them nothing. Adds to what is paused already. */
  pause(actor: Actor, code: string, direction: store.Direction, reason: string): Promise<void>;
  resume(actor: Actor, code: string): Promise<void>;
  /** Cuts this server off from all others, or ends that. */
  isolate(actor: Actor, isolated: boolean, reason: string): Promise<void>;
}

export function openPauses({ access, clock, member: self }: DirectoryParts, keeper: Keeper): Pauses {
  const needReason = (reason: string): void => {
    if (reason.trim() === '') refuse('directory.reason');
  };
  return {
    pause: async (actor, code, direction, reason) => {
      const by = actorId(access.requireOfficer(actor, 'directory.pause'));
      needReason(reason);
      await keeper.change(async (tx, state) => {
        if (code === self) refuse('conflict.directory-self');
        if (!state.parties.has(code)) refuse('not-found.party', { party: code });
        const before = state.pauses.get(code)?.direction ?? direction;
        const atMs = clock.now();
        await store.savePause(tx, {
          party: code,
          direction: before === direction ? direction : 'both',
          reason,
          by,
          atMs,
        });
        await store.recordAct(tx, by, atMs, { act: `pause-${direction}`, subject: code, reason });
      });
    },
    resume: async (actor, code) => {
      const by = actorId(access.requireOfficer(actor, 'directory.pause'));
      await keeper.change(async (tx, state) => {
        if (!state.pauses.has(code)) refuse('conflict.directory-not-paused', { party: code });
        await store.deletePause(tx, code);
        await store.recordAct(tx, by, clock.now(), { act: 'resume', subject: code });
      });
    },
    isolate: async (actor, isolated, reason) => {
      const by = actorId(access.requireOfficer(actor, 'directory.pause'));
      needReason(reason);
      await keeper.change(async (tx) => {
        const atMs = clock.now();
        await store.saveIsolation(tx, isolated ? { reason, by, atMs } : null);
        await store.recordAct(tx, by, atMs, { act: isolated ? 'isolate' : 'end-isolation', subject: self, reason });
      });
    },
  };
}
