import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import {
  Autocomplete,
  Button,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SearchField,
  Select,
  SelectValue,
} from "react-aria-components";

import type { PartitionKey } from "#protocol/ids.ts";
import { dimensions } from "#protocol/ids.ts";
import type { PartitionView } from "#protocol/view.ts";

import { foundSamples, moreSamples } from "./found-samples.ts";
import { usePageValue, useStore } from "./use-store.tsx";

interface Props {
  readonly chosen: PartitionKey;
  readonly partitions: readonly PartitionView[];
}

/** From this many on, one is found by typing in a box; below, type-ahead in the list is enough. */
const MANY = 8;

/** Moves the whole notebook to another person. */
export function SampleSwitch({ chosen, partitions }: Props): ReactNode {
  const store = useStore();
  const [pressed, setPressed] = useState(false);
  const [search, setSearch] = useState("");
  const { shown, more } = useMemo(
    () => foundSamples(partitions, search, chosen),
    [partitions, search, chosen],
  );
  // Opened by its key, it gives the focus back to the cell.
  const asked = usePageValue(({ page }) => page.overlay?.kind === "sample");
  const setOpen = (open: boolean): void => {
    setPressed(open);
    setSearch("");
    if (!open && asked) store.show(null);
  };
  if (partitions.length === 0) {
    return (
      <a className="pill" href="#/samples">
        Add a sample
      </a>
    );
  }
  const own = partitions.find(({ key }) => key === chosen);
  const list = (
    <ListBox className="sample-list" items={shown} aria-label="samples">
      {(one: PartitionView) => (
        <ListBoxItem id={one.key} textValue={partitionName(one)} className="sample-option">
          <bdi>{partitionName(one)}</bdi>
          <span className="sub">{one.source ?? "no file yet"}</span>
        </ListBoxItem>
      )}
    </ListBox>
  );
  return (
    <Select
      className="sample-switch pill"
      value={chosen}
      isOpen={pressed || asked}
      onOpenChange={setOpen}
      onChange={(key) => {
        if (key !== null && key !== chosen) store.open(null, String(key) as PartitionKey);
      }}
    >
      <Label className="sample-label">Sample</Label>
      <Button>
        {/* What is chosen may not be among what is searched for. */}
        <SelectValue className="sample-name">
          {() => (own === undefined ? chosen : partitionName(own))}
        </SelectValue>
        <span aria-hidden="true" className="caret">
          ▾
        </span>
      </Button>
      <Popover className="popover">
        {partitions.length < MANY ? (
          list
        ) : (
          <Autocomplete inputValue={search} onInputChange={setSearch}>
            <SearchField className="sample-search" aria-label="find a sample" autoFocus>
              <Input placeholder="find a sample" />
            </SearchField>
            {list}
            {more === 0 ? null : <p className="sample-more">{moreSamples(more)}</p>}
          </Autocomplete>
        )}
      </Popover>
    </Select>
  );
}

function partitionName(partition: PartitionView): string {
  const { user, sample } = dimensions(partition.key);
  return `${user} / ${sample}${partition.synthetic ? " · synthetic" : ""}`;
}
