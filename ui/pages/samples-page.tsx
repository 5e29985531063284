import { useState } from "react";
import type { ReactNode } from "react";

import type { PartitionKey } from "#protocol/ids.ts";
import { dimensions, WHOLE } from "#protocol/ids.ts";
import { bytes, counted } from "#protocol/numerals.ts";

import { foundSamples, moreSamples } from "../shell/found-samples.ts";
import { usePage, useStore } from "../shell/use-store.tsx";
import { summarise } from "../state/plan.ts";
import { AddByPath } from "./add-by-path.tsx";
import { PageFrame } from "./page-frame.tsx";
import type { Receipt } from "./remove-sample.tsx";
import { ReceiptNote, RemoveSample } from "./remove-sample.tsx";
import { Uploads } from "./uploads.tsx";

/** The people and samples of the workspace: which are there, new ones, and the way out. */
export function SamplesPage({ onOpen }: { readonly onOpen: () => void }): ReactNode {
  const store = useStore();
  const { snapshot } = usePage().page;
  const [user, setUser] = useState("me");
  const [removing, setRemoving] = useState<PartitionKey | null>(null);
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const [search, setSearch] = useState("");
  const partitions = snapshot?.partitions ?? [];
  const all = foundSamples(partitions, "", snapshot?.partition ?? WHOLE);
  const { shown, more } = search === "" ? all : foundSamples(partitions, search, WHOLE);
  const removed = (done: Receipt): void => {
    setReceipt(done);
    setRemoving(null);
    const other = partitions.find((one) => one.key !== done.partition);
    if (snapshot?.partition === done.partition && other !== undefined) store.open(null, other.key);
  };
  const open = (partition: PartitionKey): void => {
    store.open(null, partition);
    onOpen();
  };
  return (
    <PageFrame
      title="Samples"
      facts={counted(partitions.length, "sample")}
      tools={
        all.more === 0 ? undefined : (
          <input
            type="search"
            aria-label="search samples"
            placeholder="search by name or file"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        )
      }
    >
      {receipt === null ? null : <ReceiptNote receipt={receipt} onDismiss={() => setReceipt(null)} />}
      {partitions.length === 0 ? (
        <p className="output-note">No sample yet. Add the genome file of one below.</p>
      ) : null}
      <ul className="rows" aria-label="samples">
        {shown.map((one) => {
          const { user: person, sample } = dimensions(one.key);
          const current = one.key === snapshot?.partition;
          return (
            <li key={one.key} className="sample-row">
              <button
                type="button"
                className="row-button"
                aria-current={current ? "true" : undefined}
                onClick={() => open(one.key)}
              >
                <span className="row-name">
                  <bdi>
                    {person} / {sample}
                  </bdi>{" "}
                  <span className="sub">
                    {[one.source ?? "no file yet", one.about].filter(Boolean).join(" · ")}
                  </span>
                </span>
                {one.synthetic ? <span className="tag">synthetic</span> : null}
                <span className="row-facts">{current ? <CurrentFacts /> : "open to see its state"}</span>
              </button>
              <button
                type="button"
                className="button quiet"
                aria-label={`Remove ${one.key}`}
                onClick={() => setRemoving(one.key)}
              >
                Remove
              </button>
            </li>
          );
        })}
      </ul>
      {shown.length === 0 && search !== "" ? <p className="output-note">No sample is called so.</p> : null}
      {more === 0 ? null : <p className="output-note">{moreSamples(more)}</p>}
      <section className="add" aria-label="add a sample">
        <h3>Add a sample</h3>
        <label className="field">
          Person
          <input value={user} onChange={(event) => setUser(event.target.value.trim())} />
        </label>
        <Uploads user={user} onDone={(partition) => store.open(null, partition)} onOpen={open} />
        <AddByPath user={user} onDone={(partition) => store.open(null, partition)} onOpen={open} />
      </section>
      {removing === null ? null : (
        <RemoveSample partition={removing} onRemoved={removed} onClose={() => setRemoving(null)} />
      )}
    </PageFrame>
  );
}

/** Of the sample that is shown everything is known. */
function CurrentFacts(): ReactNode {
  const { page, states } = usePage();
  const assets = page.snapshot?.assets ?? [];
  const { fresh, stale, missing, failed, running } = summarise(assets, states);
  const size = assets.reduce((sum, asset) => sum + (asset.record?.bytes ?? 0), 0);
  const counts = [
    `${fresh} fresh`,
    stale > 0 ? `${stale} stale` : null,
    missing > 0 ? `${missing} not yet run` : null,
    running > 0 ? `${running} running` : null,
    failed > 0 ? `${failed} failed` : null,
    bytes(size),
  ];
  return counts.filter((text) => text !== null).join(" · ");
}
