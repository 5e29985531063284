import { counted } from "#protocol/numerals.ts";
import type { ReferenceFacts } from "#protocol/reference.ts";
import type { AssetView, CellView } from "#protocol/view.ts";

import { SQL_FUNCTIONS, SQL_KEYWORDS } from "./sql-words.ts";

export type CompletionKind = "table" | "column" | "cell" | "module" | "keyword" | "function" | "field";

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** One line on what it is. */
  readonly detail: string;
  /** What is put in; `$0` is where the caret goes. */
  readonly insert: string;
  /** The likelier ones first: 0, 1, … */
  readonly rank: number;
}

/** The notebook as completions see it. */
export interface CompletionGround {
  readonly cells: readonly CellView[];
  readonly assets: readonly AssetView[];
  /** Cell that is written in. */
  readonly cell: string | null;
}

/** What can stand at the caret. `before` and `after` are the cell's text on both sides of it. */
export function completions(
  language: string,
  before: string,
  after: string,
  ground: CompletionGround,
): Completion[] {
  switch (language) {
    case "sql":
      return sqlCompletions(before, after, ground);
    case "yaml":
      return yamlCompletions(before, after, ground);
    case "javascript":
    case "typescript":
      return /(?:\.|["'`/]|\/\/.*)$/.test(before.replace(/[\w$]*$/, "")) ? [] : cellNames(ground, 0);
    default:
      return /\$\{[^}]*$/.test(before) ? cellNames(ground, 0) : [];
  }
}

function sqlCompletions(before: string, after: string, ground: CompletionGround): Completion[] {
  const lead = before.replace(/[\w$]*$/, "");
  if (inQuotesOrComment(lead)) return [];
  if (/\$\{[^}]*$/.test(lead)) return cellNames(ground, 0);
  const tables = tableNames(ground);
  const statement = `${before}${after}`;
  const qualifier = /([A-Za-z_]\w*)\.$/.exec(lead)?.[1];
  if (qualifier !== undefined) {
    const table = aliases(statement).get(qualifier.toLowerCase()) ?? qualifier;
    return columnsOf(ground.assets, [table]);
  }
  if (/\b(?:from|join|,)\s+$/i.test(lead) && /\b(?:from|join)\b[^()]*$/i.test(lead)) return tables;
  const used = tablesIn(statement);
  const keywords = SQL_KEYWORDS.map((word): Completion => ({
    label: word,
    kind: "keyword",
    detail: "",
    insert: word,
    rank: 4,
  }));
  const functions = Object.entries(SQL_FUNCTIONS).map(([name, takes]): Completion => ({
    label: name,
    kind: "function",
    detail: `(${takes})`,
    insert: takes === "" ? `${name}()$0` : `${name}($0)`,
    rank: 3,
  }));
  return [
    ...columnsOf(ground.assets, used),
    ...tables.map((table) => ({ ...table, rank: 2 })),
    ...functions,
    ...keywords,
  ];
}

function yamlCompletions(before: string, after: string, ground: CompletionGround): Completion[] {
  const line = before.slice(before.lastIndexOf("\n") + 1).replace(/[\w$./-]*$/, "");
  if (!/(?::\s+|^\s*-\s+|\[\s*|,\s*)$/.test(line)) return [];
  if (/^columns:\s*(?:\[[^\]]*|(?:\n\s*-\s.*)*)$/m.test(before)) {
    return referenceColumns(/^reference:\s*(\w+)/m.exec(before + after)?.[1], ground);
  }
  const modules = ground.assets
    .filter((asset) => asset.key.startsWith("modules/"))
    .map((asset): Completion => {
      const name = asset.key.slice("modules/".length);
      return { label: name, kind: "module", detail: "annotation module", insert: name, rank: 1 };
    });
  return [...cellNames(ground, 0), ...modules];
}

/** What a join can take over from its reference. */
function referenceColumns(reference: string | undefined, { assets }: CompletionGround): Completion[] {
  const facts = assets.find(({ key }) => key === reference)?.record?.facts as
    | Partial<ReferenceFacts>
    | null
    | undefined;
  return (facts?.columns ?? []).map((name) => ({
    label: name,
    kind: "column",
    detail: `column of ${reference ?? ""}`,
    insert: name,
    rank: 0,
  }));
}

/** Names that another cell can read. */
function cellNames(ground: CompletionGround, rank: number): Completion[] {
  const assets = new Map(ground.assets.map((asset) => [String(asset.key), asset]));
  return ground.cells.flatMap((cell): Completion[] => {
    if (cell.name === null || cell.id === ground.cell) return [];
    const rows = assets.get(cell.name)?.record?.rows;
    const detail = rows == null ? cell.kind : `${cell.kind} · ${counted(rows, "row")}`;
    return [{ label: cell.name, kind: "cell", detail, insert: cell.name, rank }];
  });
}

export function tableNames(ground: CompletionGround): Completion[] {
  const named = new Set<string>();
  const assets = ground.assets.flatMap((asset): Completion[] => {
    if (asset.output !== "table" || asset.key.includes("/") || asset.key === ground.cell) return [];
    named.add(asset.key);
    const rows = asset.record?.rows;
    const detail = rows == null ? asset.kind : `${asset.kind} · ${counted(rows, "row")}`;
    return [{ label: asset.key, kind: "table", detail, insert: asset.key, rank: 0 }];
  });
  const live = ground.cells
    .filter((cell) => cell.language === "sql" && cell.name !== null && cell.id !== ground.cell)
    .flatMap((cell): Completion[] =>
      cell.name === null || named.has(cell.name)
        ? []
        : [{ label: cell.name, kind: "table", detail: "query", insert: cell.name, rank: 0 }],
    );
  return [...assets, ...live];
}

export function columnsOf(assets: readonly AssetView[], tables: readonly string[]): Completion[] {
  const seen = new Set<string>();
  return tables.flatMap((table) => {
    const asset = assets.find((one) => one.key.toLowerCase() === table.toLowerCase());
    return (asset?.record?.columns ?? []).flatMap((column): Completion[] => {
      if (seen.has(column.name)) return [];
      seen.add(column.name);
      return [
        {
          label: column.name,
          kind: "column",
          detail: `${column.type} · ${table}`,
          insert: /^[A-Za-z_]\w*$/.test(column.name) ? column.name : `"${column.name}"`,
          rank: 1,
        },
      ];
    });
  });
}

const TABLE_AND_ALIAS =
  /\b(?:from|join)\s+([A-Za-z_]\w*)(?:\s+(?:as\s+)?(?!(?:on|where|join|left|right|inner|full|cross|group|order|limit|using|having|union|asof|semi|anti|qualify)\b)([A-Za-z_]\w*))?/gi;

/** Names that a statement reads its rows from. */
export function tablesIn(sql: string): string[] {
  return [...new Set([...sql.matchAll(TABLE_AND_ALIAS)].flatMap(([, table]) => table ?? []))];
}

function aliases(sql: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, table, alias] of sql.matchAll(TABLE_AND_ALIAS)) {
    if (table !== undefined && alias !== undefined) found.set(alias.toLowerCase(), table);
  }
  return found;
}

function inQuotesOrComment(text: string): boolean {
  const line = text.slice(text.lastIndexOf("\n") + 1);
  const bare = line.replace(/'(?:[^']|'')*'/g, "");
  return bare.includes("'") || bare.includes("--");
}
