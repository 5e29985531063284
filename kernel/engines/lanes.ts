/**
 * Does the work of all items, each lane one at a time, in their order. After a failure no item begins, and what runs is
 * stopped and waited for.
 *
 * @throws what `work` threw first
 */
export async function carryOutAll<Lane, Item>(
  lanes: readonly Lane[],
  items: readonly Item[],
  signal: AbortSignal,
  work: (lane: Lane, item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const waiting = [...items];
  const failures: unknown[] = [];
  const drive = async (lane: Lane): Promise<void> => {
    try {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        either.throwIfAborted();
        await work(lane, item, either);
      }
    } catch (error) {
      failures.push(error);
      stop.abort();
    }
  };
  await Promise.all(lanes.map(drive));
  if (failures.length > 0) throw failures[0];
}
