import { listedChange, listedKinds } from './listed.ts';
import { mergeViews, viewOf, type View } from './rules.ts';
import type { TestRegistry } from './test-registry.ts';

/** A view in memory as screening keeps it, by the algebra alone. */
export async function openTestScreeningView({ journal, registry }: Pick<TestRegistry, 'journal' | 'registry'>) {
  let view: View = new Map();
  const take = (change: Parameters<typeof viewOf>[0]): void => {
    view = mergeViews(view, viewOf(change));
  };
  const { positions, rows, changeOf = listedChange } = await registry.snapshot((changes) => changes.forEach(take));
  for await (const batch of rows) for (const put of batch) take({ put });
  const following = journal.followInMemory({
    name: 'a view',
    from: positions,
    kinds: listedKinds,
    handle: (entries) => entries.flatMap((entry) => changeOf(entry) ?? []).forEach(take),
  });
  await following.caughtUp();
  return {
    caughtUp: following.caughtUp,
    /** The keys that are listed. */
    listed: () => [...view.values()].flatMap(({ row }) => (row === null ? [] : [row.key])).sort(),
  };
}
