import { useEffect, useState } from "react";
import type { ReactNode } from "react";

import { usePageValue } from "./use-store.tsx";

/**
 * Once the server was started anew: says when it has another page than this one, which may not understand it and whose
 * parts that are not loaded yet are gone.
 */
export function UpdateLine(): ReactNode {
  const boot = usePageValue(({ page }) => page.snapshot?.boot ?? null);
  const [first, setFirst] = useState(boot);
  const [isOld, setIsOld] = useState(false);
  if (first === null && boot !== null) setFirst(boot);
  useEffect(() => {
    if (boot === first) return;
    let isGone = false;
    void hasOtherPage().then((is) => (isGone ? undefined : setIsOld(is)));
    return () => {
      isGone = true;
    };
  }, [boot, first]);
  if (!isOld) return null;
  return (
    <span className="offline" role="status">
      <span aria-hidden="true">⟳</span> Karyon was updated
      <button type="button" className="button quiet" onClick={() => location.reload()}>
        Load the new page
      </button>
    </span>
  );
}

/** Whether the page that the server has begins with another script; the bundler names it by its content. */
async function hasOtherPage(): Promise<boolean> {
  const own = document.querySelector("script[type=module][src]")?.getAttribute("src") ?? null;
  const answer = await fetch("/", { cache: "no-store" }).catch(() => null);
  return own !== null && answer?.ok === true && !(await answer.text()).includes(own);
}
