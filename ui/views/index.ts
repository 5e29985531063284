import { alleleBalance } from "./allele-balance.ts";
import { categoryBars } from "./category-bars.ts";
import { karyogram } from "./karyogram.ts";
import { lollipop } from "./lollipop.ts";
import type { RowsLike } from "./rows.ts";
import { qualityHistogram } from "./quality-histogram.ts";
import { tiTv } from "./ti-tv.ts";
import { waterfall } from "./waterfall.ts";

/** Every ready-made picture, by the name under which a notebook calls it. */
export const views: Readonly<Record<string, (table: RowsLike, options?: object) => HTMLElement>> = {
  karyogram,
  lollipop,
  waterfall,
  qualityHistogram,
  tiTv,
  alleleBalance,
  categoryBars,
};
