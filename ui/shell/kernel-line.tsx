import { useRef, useState } from "react";
import type { ReactNode } from "react";

import { Button, Menu, MenuItem, Popover } from "react-aria-components";

import { bytes } from "#protocol/numerals.ts";
import type { KernelView } from "#protocol/view.ts";

import { useKeyOf } from "../keys/bindings.ts";
import { keyWords } from "../keys/key-words.ts";
import { useActions } from "../keys/use-actions.ts";

const WORDS: Readonly<Record<KernelView["state"], string>> = {
  off: "kernel off",
  starting: "kernel starts",
  idle: "kernel idle",
  busy: "kernel at work",
};
const MARKS: Readonly<Record<KernelView["state"], string>> = {
  off: "○",
  starting: "…",
  idle: "●",
  busy: "▶",
};

/** How the notebook's kernel is, and what can be done to it. */
export function KernelLine({ kernel }: { readonly kernel: KernelView }): ReactNode {
  const act = useActions();
  const restart = useKeyOf()("restart-kernel");
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const died = kernel.death !== null;
  const held =
    kernel.heldBytes === null || kernel.capBytes === null
      ? ""
      : ` · ${bytes(kernel.heldBytes)} of ${bytes(kernel.capBytes)}`;
  return (
    <>
      <Button
        ref={button}
        className={died ? "kernel-line offline" : "kernel-line"}
        data-kernel={died ? "died" : kernel.state}
        aria-haspopup="menu"
        aria-expanded={open}
        onPress={() => setOpen(true)}
      >
        <span aria-hidden="true">{died ? "☠" : MARKS[kernel.state]}</span>{" "}
        {kernel.death === null ? `${kernel.upkeep ?? WORDS[kernel.state]}${held}` : kernel.death.message}
      </Button>
      {open ? (
        <Popover
          className="menu-popover"
          aria-label="kernel"
          triggerRef={button}
          isOpen
          onOpenChange={setOpen}
          placement="top start"
        >
          <Menu
            className="menu"
            aria-label="kernel"
            autoFocus="first"
            onAction={(key) => act(key === "restart-kernel" ? "restart-kernel" : "interrupt-kernel")}
            onClose={() => setOpen(false)}
          >
            <MenuItem id="interrupt-kernel" className="menu-item" textValue="Interrupt">
              <span>Interrupt what it computes</span>
            </MenuItem>
            <MenuItem id="restart-kernel" className="menu-item" textValue="Restart">
              <span>Restart; what is kept stays</span>
              {restart === null ? null : <kbd>{keyWords(restart)}</kbd>}
            </MenuItem>
          </Menu>
        </Popover>
      ) : null}
    </>
  );
}
