import type { ReactNode } from "react";

interface Props {
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly className?: string;
}

/** The field that finds assets by name. */
export function AssetSearch({ value, onChange, className }: Props): ReactNode {
  return (
    <input
      className={className}
      type="search"
      aria-label="find an asset"
      placeholder="find an asset"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
