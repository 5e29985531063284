import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";

import { errorInfo } from "#protocol/error.ts";

import { changeKeys, useBindings } from "../keys/bindings.ts";
import type { Binding } from "../keys/key-map.ts";
import { PAIR_MS, isPlain, keyName } from "../keys/key-map.ts";
import { keyWords } from "../keys/key-words.ts";
import { assigned, conflictsOf, refusalOf } from "../keys/own-keys.ts";

/** One command and its keys, each a button that records another. */
export function KeyRow({ binding }: { readonly binding: Binding }): ReactNode {
  const { own } = useBindings();
  /** The key that is to be another; null: one is added; undefined: none is being recorded. */
  const [changing, setChanging] = useState<string | null | undefined>(undefined);
  const [failure, setFailure] = useState<string | null>(null);
  const { command, keys, words, where } = binding;
  const row = useRef<HTMLDivElement>(null);
  const recorded = useRef(false);
  useEffect(() => {
    // What had the focus is gone with the recorder.
    if (recorded.current && changing === undefined) row.current?.querySelector("button")?.focus();
    recorded.current = changing !== undefined;
  }, [changing]);
  const save = (next: Parameters<typeof changeKeys>[0]): void => {
    setChanging(undefined);
    changeKeys(next).then(
      () => setFailure(null),
      (error: unknown) => setFailure(errorInfo(error).message),
    );
  };
  return (
    <div ref={row} className="key-row" data-command={command}>
      <dt>
        {keys.map((key) => (
          <button
            key={key}
            type="button"
            className="key-button"
            aria-label={`${keyWords(key)}: change the key to ${words}`}
            aria-pressed={changing === key}
            onClick={() => setChanging(key)}
          >
            <kbd>{keyWords(key)}</kbd>
          </button>
        ))}
        {keys.length > 0 ? null : (
          <button
            type="button"
            className="link"
            aria-label={`no key: give one to ${words}`}
            onClick={() => setChanging(null)}
          >
            no key
          </button>
        )}
      </dt>
      <dd>
        {where === "editor" ? `${words} (in its text)` : words}
        {Object.hasOwn(own, command) ? (
          <>
            {" · "}
            <button type="button" className="link" onClick={() => save({ [command]: null })}>
              as it came
            </button>
          </>
        ) : null}
        {changing === undefined ? null : (
          <Recorder binding={binding} old={changing} onKeep={save} onLeave={() => setChanging(undefined)} />
        )}
        {failure === null ? null : <p className="ink-failed">✕ not changed: {failure}</p>}
      </dd>
    </div>
  );
}

interface RecorderProps {
  readonly binding: Binding;
  readonly old: string | null;
  readonly onKeep: (keys: Parameters<typeof changeKeys>[0]) => void;
  readonly onLeave: () => void;
}

/** Takes the next key that is pressed, or two, says whose it is already, and gives it to the command when told to. */
function Recorder({ binding, old, onKeep, onLeave }: RecorderProps): ReactNode {
  const { bindings } = useBindings();
  const [pressed, setPressed] = useState<string | null>(null);
  const at = useRef(0);
  const refusal = pressed === null ? null : refusalOf(pressed, binding);
  const others = pressed === null ? [] : conflictsOf(pressed, binding, bindings);
  const keep = (): void => {
    if (pressed !== null && refusal === null) onKeep(assigned(binding, old, pressed, bindings));
  };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const modifier = ["Shift", "Control", "Alt", "Meta"].includes(event.key);
      const onButton =
        event.target instanceof Element && event.target.closest(".key-recorder button") !== null;
      if (event.key === "Tab" || modifier || (onButton && ["Enter", " "].includes(event.key))) return;
      event.preventDefault();
      event.stopPropagation();
      const name = keyName(event);
      if (name === "Escape") onLeave();
      else if (name === "Enter") keep();
      else {
        const second =
          pressed !== null && isSingle(pressed) && isPlain(name) && event.timeStamp - at.current < PAIR_MS;
        at.current = event.timeStamp;
        setPressed(second ? `${pressed} ${name}` : name);
      }
    };
    addEventListener("keydown", onKeyDown, { capture: true });
    return () => removeEventListener("keydown", onKeyDown, { capture: true });
  });
  return (
    <div className="key-recorder">
      <p role="status">
        {pressed === null ? (
          "press a key, or two one after the other"
        ) : (
          <>
            <kbd>{keyWords(pressed)}</kbd>{" "}
            {refusal ??
              (others.length === 0
                ? "is free"
                : `is now: ${others.map(({ words }) => words).join("; ")}. It would lose the key`)}
          </>
        )}
      </p>
      <button type="button" className="button" disabled={pressed === null || refusal !== null} onClick={keep}>
        Keep <kbd>⏎</kbd>
      </button>
      <button type="button" className="button quiet" onClick={onLeave}>
        Leave as it is <kbd>Esc</kbd>
      </button>
      {old === null ? null : (
        <button
          type="button"
          className="button quiet"
          onClick={() => onKeep({ [binding.command]: binding.keys.filter((key) => key !== old) })}
        >
          No key
        </button>
      )}
    </div>
  );
}

/** One key without Ctrl or Alt: another may follow it. */
function isSingle(keys: string): boolean {
  return isPlain(keys) && !keys.includes(" ");
}
