import type { ReactNode } from "react";

import { count, counted } from "#protocol/numerals.ts";
import type { ModuleList, ReadyModule } from "#protocol/verb-results.ts";

import { ErrorCard } from "../shell/error-card.tsx";
import { usePage } from "../shell/use-store.tsx";
import { shortHash } from "../words/numbers.ts";
import { PageFrame } from "./page-frame.tsx";
import { useVerb } from "./use-verb.ts";

const COLUMNS = ["Version", "Genotypes", "Placed", "Studies", "Digest"] as const;
const NUMBERS: readonly string[] = ["Genotypes", "Placed", "Studies"];

/** The annotation modules of the workspace; a broken one with what broke it. */
export function ModulesPage(): ReactNode {
  const { snapshot } = usePage().page;
  // A module that changed on disk changes what its folder is observed as.
  const observed = snapshot?.assets.map((asset) => (asset.external ? asset.observed : "")).join("\n") ?? "";
  const asked = useVerb<ModuleList>("list-modules", observed);
  const modules = asked.kind === "there" ? asked.result.modules : [];
  const broken = modules.filter((module) => module.status === "failed");
  const facts =
    asked.kind === "there"
      ? [
          counted(modules.length, "module"),
          broken.length === 0 ? null : `${broken.length} broken`,
          asked.result.folder,
        ]
          .filter((fact) => fact !== null)
          .join(" · ")
      : "";
  return (
    <PageFrame title="Modules" facts={facts}>
      {asked.kind === "asking" ? <p className="output-note">Reading the modules…</p> : null}
      {asked.kind === "failed" ? <ErrorCard error={asked.error} title="the modules were not listed" /> : null}
      {broken.map((module) => (
        <ErrorCard key={module.name} title={module.name} error={{ code: "module", message: module.reason }} />
      ))}
      {modules.length === broken.length ? null : (
        <div className="list-scroll" tabIndex={0} role="region" aria-label="modules">
          <table className="list">
            <thead>
              <tr>
                <th scope="col">Module</th>
                {COLUMNS.map((name) => (
                  <th key={name} scope="col" className={NUMBERS.includes(name) ? "right" : undefined}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {modules
                .filter((module) => module.status === "ready")
                .map((module) => (
                  <ModuleRow key={module.name} module={module} />
                ))}
            </tbody>
          </table>
        </div>
      )}
    </PageFrame>
  );
}

function ModuleRow({ module }: { readonly module: ReadyModule }): ReactNode {
  return (
    <tr>
      <th scope="row">
        {module.title}
        <span className="sub">
          <code>{module.name}</code> {module.description}
        </span>
      </th>
      <td>{module.version ?? "not stated"}</td>
      <td className="right">{count(module.weights)}</td>
      <td className="right">{count(module.placed)}</td>
      <td className="right">{count(module.studies)}</td>
      <td>
        <code title={module.digest}>{shortHash(module.digest.replace(/^sha256:/, ""))}</code>
      </td>
    </tr>
  );
}
