import type { ColumnOrigin } from "#protocol/record.ts";

import { Opaque, asList, asNode, children, known, list, number, two } from "./plan-node.ts";
import type { Node } from "./plan-node.ts";

/*
 * Where the columns of a query come from, by DuckDB's own plan of it, before it is optimised: names are bound by then, and
 * every expression refers to columns of the operators below by their places. Operators that are not listed here, and
 * places that do not fit, are not guessed at: see {@link Opaque}. What the fields mean: `LogicalOperator` and
 * `serialize_logical_operator` of DuckDB, pinned by the version in package.json and the tests.
 */

/** A column of a table that the query reads. */
export interface TableColumnRef {
  readonly table: string;
  readonly column: string;
}

type How = ColumnOrigin["how"];

/** What one column of a result is made of; of nothing, where it is a constant or counts rows. */
export interface Origin {
  readonly how: How;
  readonly of: ReadonlySet<TableColumnRef>;
}

export interface PlanColumns {
  /** By the place of the column in the result. */
  readonly columns: readonly Origin[];
  /** Columns that say which rows there are, and in what order: those of conditions, groups and orders. */
  readonly rows: ReadonlySet<TableColumnRef>;
}

const RANKS: readonly How[] = ["copied", "computed", "aggregated"];
const CONSTANT: Origin = { how: "computed", of: new Set() };
/** A recursive query is walked until nothing is added, which each column can do once. */
const MOST_ROUNDS = 100;

/** @throws {Opaque} */
export function planColumns(plan: unknown): PlanColumns {
  const walk = new Walk();
  return { columns: walk.columns(asNode(plan)), rows: walk.rows };
}

class Walk {
  readonly rows = new Set<TableColumnRef>();
  readonly #refs = new Map<string, TableColumnRef>();
  /** Columns of what has a number, for expressions that name it by that. */
  readonly #numbered = new Map<number, readonly Origin[]>();
  /** Columns of the queries of WITH, by their numbers. */
  readonly #named = new Map<number, readonly Origin[]>();
  /** What the joins around a place hand down into their subqueries, from the outermost on. */
  readonly #handedDown: (readonly Origin[])[] = [];

  columns(node: Node): readonly Origin[] {
    const columns = this.#columnsOf(node);
    if (typeof node["table_index"] === "number") this.#numbered.set(node["table_index"], columns);
    return columns;
  }

  #columnsOf(node: Node): readonly Origin[] {
    switch (node["type"]) {
      case "LOGICAL_GET":
        return this.#get(node);
      case "LOGICAL_DUMMY_SCAN":
        return [CONSTANT];
      case "LOGICAL_CHUNK_GET":
      case "LOGICAL_EMPTY_RESULT":
        return list(node, "chunk_types").map(() => CONSTANT);
      case "LOGICAL_EXPRESSION_GET":
        return this.#values(node);
      case "LOGICAL_PROJECTION": {
        const below = this.#below(node);
        return list(node, "expressions").map((expression) => this.#origin(expression, below));
      }
      case "LOGICAL_WINDOW": {
        const below = this.#below(node);
        return [...below, ...list(node, "expressions").map((expression) => this.#origin(expression, below))];
      }
      case "LOGICAL_UNNEST": {
        const below = this.#below(node);
        // As many rows as there are elements.
        this.#decide(node["expressions"], below);
        return [...below, ...list(node, "expressions").map((expression) => this.#origin(expression, below))];
      }
      case "LOGICAL_FILTER": {
        const below = this.#below(node);
        this.#decide(node["expressions"], below);
        return picked(below, node["projection_map"]);
      }
      case "LOGICAL_ORDER_BY":
      case "LOGICAL_TOP_N": {
        const below = this.#below(node);
        this.#decide(node["orders"], below);
        return picked(below, node["projection_map"]);
      }
      case "LOGICAL_LIMIT":
      case "LOGICAL_SAMPLE":
        return this.#below(node);
      case "LOGICAL_DISTINCT": {
        const below = this.#below(node);
        this.#decide([node["distinct_targets"], node["order_by"]], below);
        return below;
      }
      case "LOGICAL_AGGREGATE_AND_GROUP_BY":
        return this.#aggregate(node);
      case "LOGICAL_PIVOT":
        return this.#pivot(node);
      case "LOGICAL_CROSS_PRODUCT":
      case "LOGICAL_POSITIONAL_JOIN":
        return this.#below(node);
      case "LOGICAL_COMPARISON_JOIN":
      case "LOGICAL_ASOF_JOIN":
      case "LOGICAL_ANY_JOIN":
      case "LOGICAL_DELIM_JOIN":
        return this.#join(node);
      case "LOGICAL_DELIM_GET":
        return this.#delimGet(node);
      case "LOGICAL_UNION": {
        const [first = [], ...others] = children(node).map((child) => this.columns(child));
        return others.reduce((all, other) => both(all, other), first);
      }
      case "LOGICAL_EXCEPT":
      case "LOGICAL_INTERSECT": {
        const [first = [], ...others] = children(node).map((child) => this.columns(child));
        for (const origin of [first, ...others].flat()) this.#addToRows(origin);
        return first;
      }
      case "LOGICAL_MATERIALIZED_CTE": {
        const [query, rest] = two(node);
        this.#named.set(number(node, "table_index"), this.columns(query));
        return this.columns(rest);
      }
      case "LOGICAL_RECURSIVE_CTE":
        return this.#recursive(node);
      case "LOGICAL_CTE_REF":
        return known(this.#named.get(number(node, "cte_index")), "a query that nobody named");
      default:
        throw new Opaque(`an operator ${String(node["type"])}`);
    }
  }

  /** A table, or a function that makes rows: of what it is given, behind its own columns, it hands some on. */
  #get(node: Node): readonly Origin[] {
    const names = list(node, "names").map(String);
    const indexes = list(node, "column_indexes").map((index) => Number(asNode(index)["index"]));
    if (node["name"] === "seq_scan") {
      const table = asNode(node["function_data"])["table"];
      if (typeof table !== "string") throw new Opaque("a table without a name");
      // A number that no name has is that of a row.
      return indexes.map((index) => this.#column(table, names[index]));
    }
    const below = this.#below(node);
    const handedOn = new Set(list(node, "projected_input").map(Number));
    const given = joined(
      below.filter((_, place) => !handedOn.has(place)),
      "computed",
    );
    this.#addToRows(given);
    const own = indexes.map(() => given);
    return [...own, ...[...handedOn].map((place) => at(below, place))];
  }

  #column(table: string, column: string | undefined): Origin {
    if (column === undefined) return CONSTANT;
    const key = JSON.stringify([table, column]);
    const ref = this.#refs.get(key) ?? { table, column };
    this.#refs.set(key, ref);
    return { how: "copied", of: new Set([ref]) };
  }

  #values(node: Node): readonly Origin[] {
    const below = this.#below(node);
    const rows = list(node, "expressions").map((row) =>
      asList(row).map((value) => this.#origin(value, below)),
    );
    const [first = [], ...others] = rows;
    return others.reduce<readonly Origin[]>((all, row) => both(all, row), first);
  }

  #aggregate(node: Node): readonly Origin[] {
    const below = this.#below(node);
    const groups = list(node, "groups").map((group) => this.#origin(group, below));
    for (const group of groups) this.#addToRows(group);
    const aggregates = list(node, "expressions").map((one) => joined(this.#refsIn(one, below), "aggregated"));
    const groupings = list(node, "grouping_functions").map((places) =>
      joined(
        asList(places).map((place) => at(groups, Number(place))),
        "computed",
      ),
    );
    return [...groups, ...aggregates, ...groupings];
  }

  /** Groups, then a column for each value and aggregate, out of lists of them. */
  #pivot(node: Node): readonly Origin[] {
    const below = this.#below(node);
    const pivot = asNode(node["bound_pivot"]);
    const count = number(pivot, "group_count");
    const lists = joined(below.slice(count), "aggregated");
    return [...below.slice(0, count), ...list(pivot, "pivot_values").map(() => lists)];
  }

  #join(node: Node): readonly Origin[] {
    const [first, second] = two(node);
    const isFlipped = node["delim_flipped"] === true;
    const isDelim = node["type"] === "LOGICAL_DELIM_JOIN";
    // What one side hands down is known before the other one is looked at.
    const handing = this.columns(isFlipped ? second : first);
    if (isDelim) {
      const eliminated = list(node, "duplicate_eliminated_columns");
      this.#handedDown.push(eliminated.map((expression) => this.#origin(expression, handing)));
    }
    const other = this.columns(isFlipped ? first : second);
    if (isDelim) this.#handedDown.pop();
    const [left, right] = isFlipped ? [other, handing] : [handing, other];
    const compared = list(node, "conditions").flatMap((condition) => {
      const { left: one, right: another, ...rest } = asNode(condition);
      if (one === undefined || another === undefined)
        throw new Opaque(`a condition of ${Object.keys(rest).join()}`);
      return [this.#origin(one, left), this.#origin(another, right)];
    });
    const free = this.#refsIn([node["condition"], node["predicate"]], [...left, ...right]);
    const mark = joined([...compared, ...free], "computed");
    const kept = picked(left, node["left_projection_map"]);
    // A mark is a column like any other: it decides something where a condition asks for it.
    if (node["join_type"] === "MARK") return [...kept, mark];
    this.#addToRows(mark);
    switch (node["join_type"]) {
      case "INNER":
      case "LEFT":
      case "RIGHT":
      case "OUTER":
      case "SINGLE":
        return [...kept, ...picked(right, node["right_projection_map"])];
      case "SEMI":
      case "ANTI":
        return kept;
      case "RIGHT_SEMI":
      case "RIGHT_ANTI":
        return picked(right, node["right_projection_map"]);
      default:
        throw new Opaque(`a join ${String(node["join_type"])}`);
    }
  }

  /** Columns of the nearest join around that hands so many down. */
  #delimGet(node: Node): readonly Origin[] {
    const count = list(node, "chunk_types").length;
    return known(
      this.#handedDown.findLast((columns) => columns.length === count),
      "columns that no join hands down",
    );
  }

  #recursive(node: Node): readonly Origin[] {
    const [start, step] = two(node);
    const name = number(node, "table_index");
    let columns = this.columns(start);
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      this.#named.set(name, columns);
      const next = both(columns, this.columns(step));
      if (next.every((origin, place) => isSame(origin, at(columns, place)))) return next;
      columns = next;
    }
    throw new Opaque("a recursive query without an end");
  }

  #below(node: Node): readonly Origin[] {
    return children(node).flatMap((child) => this.columns(child));
  }

  #origin(expression: unknown, below: readonly Origin[]): Origin {
    const node = asNode(expression);
    if (node["expression_class"] === "BOUND_REF") return at(below, number(node, "index"));
    if (node["expression_class"] === "BOUND_COLUMN_REF") return this.#bound(node);
    return joined(this.#refsIn(expression, below), "computed");
  }

  /** What an expression refers to, wherever in it. */
  #refsIn(value: unknown, below: readonly Origin[]): Origin[] {
    if (Array.isArray(value)) return value.flatMap((item) => this.#refsIn(item, below));
    if (typeof value !== "object" || value === null) return [];
    const node = asNode(value);
    const kind = node["expression_class"];
    if (kind === "BOUND_REF" || kind === "BOUND_COLUMN_REF") return [this.#origin(node, below)];
    if (kind === "BOUND_SUBQUERY") throw new Opaque("a subquery that was left as it is");
    return Object.values(node).flatMap((item) => this.#refsIn(item, below));
  }

  #bound(node: Node): Origin {
    const binding = asNode(node["binding"]);
    const columns = this.#numbered.get(number(binding, "table_index"));
    return at(known(columns, "a column of nobody"), number(binding, "column_index"));
  }

  #decide(expressions: unknown, below: readonly Origin[]): void {
    for (const origin of this.#refsIn(expressions, below)) this.#addToRows(origin);
  }

  #addToRows({ of }: Origin): void {
    for (const ref of of) this.rows.add(ref);
  }
}

/** The columns of a projection map, where there is one; else all. */
function picked(columns: readonly Origin[], map: unknown): readonly Origin[] {
  const places = asList(map ?? []);
  return places.length === 0 ? columns : places.map((place) => at(columns, Number(place)));
}

/** One column out of several. */
function joined(origins: readonly Origin[], how: How): Origin {
  const rank = Math.max(RANKS.indexOf(how), ...origins.map((origin) => RANKS.indexOf(origin.how)));
  return { how: RANKS[rank] ?? how, of: new Set(origins.flatMap(({ of }) => [...of])) };
}

/** Columns that are of either, place by place. */
function both(one: readonly Origin[], other: readonly Origin[]): readonly Origin[] {
  if (one.length !== other.length) throw new Opaque("columns that do not match");
  return one.map((origin, place) => joined([origin, at(other, place)], "copied"));
}

function isSame(one: Origin, other: Origin): boolean {
  return one.how === other.how && one.of.size === other.of.size;
}

function at(columns: readonly Origin[], place: number): Origin {
  return known(columns[place], `a column ${place} of ${columns.length}`);
}
