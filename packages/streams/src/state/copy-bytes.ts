/** From this many bytes on, the copy of the platform is quicker than one of words. */
const longBytes = 64;

/** Copies `[start, end)` of `source`, of which `view` is a view, to `at` in `to`, of which `toView` is one. */
export const copyBytes = (
  view: DataView,
  source: Buffer,
  start: number,
  end: number,
  toView: DataView,
  to: Uint8Array,
  at: number,
): void => {
  if (end - start >= longBytes) {
    source.copy(to, at, start, end);
    return;
  }
  let from = start;
  let target = at;
  for (; from + 4 <= end; from += 4, target += 4) toView.setInt32(target, view.getInt32(from, true), true);
  for (; from < end; from++, target++) toView.setUint8(target, view.getUint8(from));
};
