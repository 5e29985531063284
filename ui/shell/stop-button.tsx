import type { ReactNode } from "react";

interface Props {
  /** What it stops, for who does not see where it is. */
  readonly label: string;
  readonly onStop: () => void;
  readonly disabled?: boolean;
  readonly className?: string;
}

/** It takes the place of the button that started what it stops: the second press of a double click is not meant for it. */
export function StopButton({ label, onStop, disabled = false, className = "" }: Props): ReactNode {
  return (
    <button
      type="button"
      className={`button ${className}`}
      aria-label={label}
      disabled={disabled}
      onClick={({ detail: pressesInPlace }) => {
        if (pressesInPlace < 2) onStop();
      }}
    >
      ■ Stop
    </button>
  );
}
