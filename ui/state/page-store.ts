import { errorInfo } from "#protocol/error.ts";
import type { AssetKey, PartitionKey, RunId } from "#protocol/ids.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { WorkspaceEvent } from "#protocol/messages.ts";
import type { NotebookOp } from "#protocol/notebook-op.ts";
import type { AssetRecord } from "#protocol/record.ts";
import type { AsOfResult } from "#protocol/verb-results.ts";
import type { AssetView, CellView, RunView } from "#protocol/view.ts";

import type { ConnectionWorld } from "../connection/connection.ts";
import { Connection } from "../connection/connection.ts";
import { pageServer } from "../connection/page-server.ts";
import { askVerb } from "../connection/verbs.ts";
import type { DraftWorld } from "../editor/drafts.ts";
import { Drafts } from "../editor/drafts.ts";
import { Outputs } from "../runtime/outputs.ts";
import { shortHash } from "../words/numbers.ts";
import type { Insert } from "./cell-ops.ts";
import { placeOfWords } from "./cell-ops.ts";
import { changedCell, followCells } from "./follow-cells.ts";
import type { EditPlace, OutputView, Overlay, PageEvent, PageState } from "./page-state.ts";
import { initialState, reduce } from "./page-state.ts";
import { PRESENT, isPresent, withVersion, withoutVersion } from "./past.ts";
import type { PageView } from "./page-view.ts";
import { initialView, viewOf } from "./page-view.ts";
import type { Place, Resumption } from "./place.ts";
import { cursorOf } from "./place.ts";
import type { Plan } from "./plan.ts";
import { putBack } from "./put-back.ts";
import { ProgressLog } from "./progress-log.ts";
import type { EditorActions, ShellActions } from "./shell-actions.ts";
import { soon } from "./soon.ts";

/** Where a refusal of a whole-page action is shown. */
export const PAGE = "page";

/** The page's state, the connection that feeds it and the dataflow that it feeds. */
export class PageStore {
  readonly outputs: Outputs;
  readonly drafts: Drafts;
  /** What the shell around the notebook can be asked for; null before it is drawn. */
  shell: ShellActions | null = null;
  /** What the editor that is open can be asked for; null while none is. */
  editor: EditorActions | null = null;
  /** What was typed while it was on its way. */
  typedAhead = "";
  /** A cell that somebody writes in is put back: what is typed until its editor is there again goes there. */
  rewriting = false;
  readonly progress: ProgressLog = new ProgressLog();
  readonly #connection: Connection;
  readonly #world: ConnectionWorld;
  readonly #listeners = new Set<() => void>();
  /** The page with every asset as it stands. */
  #page: PageState = initialState;
  #view: PageView = initialView;
  #place: Place;
  /** Changes of the notebook, but for what is typed, that were asked for here and are not answered. */
  #changing = 0;
  /** Number of the last `open`: an answer to an earlier one is dropped. */
  #opening = 0;

  constructor(world: ConnectionWorld, place: Place, storage: DraftWorld["storage"] = null) {
    this.#world = world;
    this.#place = place;
    this.#connection = new Connection(
      {
        opened: () => {
          this.#dispatch({ type: "connected" });
          void this.#reopen(cursorOf(this.#place, this.#view.page.snapshot));
        },
        closed: (at, retryAt) => this.#dispatch({ type: "disconnected", at, retryAt }),
        locked: () => this.#dispatch({ type: "locked" }),
        event: (event) => this.#event(event),
      },
      world,
    );
    this.drafts = new Drafts({
      later: world.later,
      storage,
      send: (notebook, block, source) => this.#edit(notebook, [{ op: "set-source", block, source }], block),
    });
    this.outputs = new Outputs(pageServer(this.#connection));
  }

  view = (): PageView => this.#view;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** A method, for a hook may set nothing of what another hook gave. */
  setShell(actions: ShellActions): void {
    this.shell = actions;
  }

  connect(): void {
    this.#connection.connect();
  }

  /** Shows another notebook or another person; what is null stays. */
  open(notebook: string | null, partition: PartitionKey | null): void {
    void this.drafts.flushAll();
    const { snapshot } = this.#view.page;
    this.#place = {
      notebook: notebook ?? snapshot?.notebook.path ?? this.#place.notebook,
      partition: partition ?? snapshot?.partition ?? this.#place.partition,
      at: this.#place.at,
    };
    void this.#reopen();
  }

  /** Shows what an address names: where Back and Forward lead. */
  follow({ notebook, partition, at }: Place): void {
    const { snapshot } = this.#page;
    const now = this.#place;
    const same =
      (notebook ?? now.notebook) === (now.notebook ?? snapshot?.notebook.path) &&
      (partition ?? now.partition) === (now.partition ?? snapshot?.partition);
    if (!same) {
      this.#place = { ...now, at };
      this.open(notebook, partition);
    } else if (at === null) {
      if (now.at !== null) this.showPresent(null);
    } else if (at !== now.at) void this.showAsOf(at);
  }

  focus(cell: string | null): void {
    const { editing, focusedCell } = this.#view.page;
    if (editing !== null && editing.cell !== cell) this.endEdit();
    if (focusedCell !== cell) this.#dispatch({ type: "focus", cell });
  }

  /** Keys act on the focused cell alone again. */
  selectOne(): void {
    const { focusedCell, anchorCell } = this.#view.page;
    if (anchorCell !== null) this.#dispatch({ type: "focus", cell: focusedCell });
  }

  /** Moves the focus and keeps what was selected. */
  extendTo(cell: string): void {
    this.endEdit();
    this.#dispatch({ type: "focus", cell, extend: true });
  }

  /** Folds a cell's output or lets it out of its height; asked for twice, it is as it was. */
  showOutput(cell: string, shown: OutputView): void {
    const now = this.#view.page.outputViews[cell];
    this.#dispatch({ type: "output", cell, shown: now === shown ? null : shown });
  }

  select(asset: AssetKey | null): void {
    this.#dispatch({ type: "select", asset });
  }

  /** Whether a cell is to be written in, and its editor is not there yet. */
  awaitsEditor(): boolean {
    const { editing, expecting } = this.#view.page;
    if (this.rewriting) return true;
    return this.editor === null && (editing !== null || expecting?.at != null);
  }

  /** Edits a cell's text; `at` is where the caret goes. */
  beginEdit(cell: string, at: EditPlace | null = null): void {
    if (this.#isPast()) return;
    const { editing } = this.#view.page;
    if (editing !== null && editing.cell !== cell) void this.drafts.flush(editing.cell);
    this.#dispatch({ type: "edit", editing: { cell, at } });
  }

  /** Back to command mode; what was typed is sent. */
  endEdit(): void {
    const { editing } = this.#view.page;
    this.typedAhead = "";
    if (editing === null) return;
    void this.drafts.flush(editing.cell);
    this.#dispatch({ type: "edit", editing: null });
  }

  /** Shows one asset as it was. */
  showVersion(record: AssetRecord): void {
    this.#dispatch({ type: "past", past: withVersion(this.#page.past, record) });
  }

  /** Shows the notebook and every asset as they stood at a time. */
  async showAsOf(at: string): Promise<void> {
    this.endEdit();
    this.#place = { ...this.#place, at };
    const { snapshot } = this.#page;
    if (snapshot === null) return;
    const { partition } = snapshot;
    const notebook = snapshot.notebook.path;
    await this.#ask(PAGE, async () => {
      await this.drafts.flushAll();
      const asked = { at, notebook, ...(partition === WHOLE ? {} : { partition }) };
      const whole = await askVerb<AsOfResult>("as-of", asked);
      const now = this.#page.snapshot;
      if (this.#place.at !== at || now?.notebook.path !== notebook || now.partition !== partition) return;
      this.#dispatch({ type: "past", past: { ...PRESENT, whole } });
    });
  }

  /** Shows an asset, or everything, as it stands. */
  showPresent(asset: AssetKey | null): void {
    const past = asset === null ? PRESENT : withoutVersion(this.#page.past, asset);
    this.#place = { ...this.#place, at: past.whole?.at ?? null };
    this.#dispatch({ type: "past", past });
  }

  show(overlay: Overlay | null): void {
    this.#dispatch({ type: "overlay", overlay });
  }

  toast(text: string | null): void {
    this.#dispatch({ type: "toast", text });
  }

  /** Changes the notebook after what was typed is sent; `place` is where a refusal is shown. */
  async change(ops: readonly NotebookOp[], place: string = PAGE): Promise<boolean> {
    const path = this.#view.page.snapshot?.notebook.path;
    if (path === undefined || this.#isPast()) return false;
    await this.drafts.flushAll();
    this.#changing++;
    return this.#edit(path, ops, place)
      .then(
        () => true,
        () => false,
      )
      .finally(() => this.#changing--);
  }

  /** Inserts a cell; it gets the focus when it comes, and is edited from `at` on. @returns whether it was inserted */
  async insert(op: Insert, at: EditPlace | null): Promise<boolean> {
    if (this.#isPast()) return false;
    this.endEdit();
    this.#dispatch({ type: "expect", expecting: { cell: op, at } });
    const done = await this.change([op]);
    if (this.#page.expecting === null) return done;
    this.#dispatch({ type: "expect", expecting: null });
    const place = done ? placeOfWords(op, this.#page.snapshot?.notebook.cells ?? []) : null;
    if (place === null) this.typedAhead = "";
    else if (at !== null) this.beginEdit(place.cell, place);
    else this.focus(place.cell);
    return done;
  }

  /** Takes the notebook's last change back, or does it again. @returns the id of the cell that shows it, if one does */
  async travel(type: "undo" | "redo"): Promise<string | null> {
    const notebook = this.#view.page.snapshot?.notebook;
    if (notebook === undefined || this.#isPast()) return null;
    const { path } = notebook;
    // It may say how to take back what is taken back now.
    this.toast(null);
    await this.drafts.flushAll();
    const { cells: before } = this.#view.page.snapshot?.notebook ?? notebook;
    this.#changing++;
    await this.#ask(PAGE, () => this.#connection.request({ type, notebook: path }));
    this.#changing--;
    return changedCell(before, this.#view.page.snapshot?.notebook.cells ?? [])?.id ?? null;
  }

  /** Lets the notebook run as it is shown. */
  async trust(): Promise<void> {
    await this.drafts.flushAll();
    const { snapshot } = this.#view.page;
    if (snapshot === null) return;
    const { path: notebook, revision } = snapshot.notebook;
    await this.#ask(PAGE, () => this.#connection.request({ type: "trust", notebook, revision }));
  }

  /** Sends everything that was typed, and has it written to the file now. */
  async save(): Promise<void> {
    const { snapshot } = this.#view.page;
    await this.drafts.flushAll();
    if (snapshot === null) return;
    const { path: notebook } = snapshot.notebook;
    if (this.drafts.pending) {
      this.toast("Not saved yet: it stays on this page and goes when it can");
      return;
    }
    await this.#ask(PAGE, async () => {
      const reply = await this.#connection.request({ type: "save", notebook });
      if (reply === null || !("saved" in reply)) return;
      this.toast(`Saved in notebooks/${notebook} · ${shortHash(reply.saved)}`);
    });
  }

  /** Pins the result that an asset has, or lets it go. */
  hold(asset: AssetView): void {
    if (this.#isPast()) return;
    const { key, partition, held } = asset;
    const place = { asset: key, ...(partition === WHOLE ? {} : { partition }) };
    void this.#ask(key, () => askVerb(held ? "unhold" : "hold", place));
  }

  /**
   * Runs a plan, or the rest of a run, on an engine or on each cell's own; `place` is where a refusal is shown. Without a
   * partition, that which is shown.
   */
  run(
    {
      selection: select,
      partition,
      engine,
    }: Pick<Plan, "selection"> & Partial<Pick<RunView, "partition" | "engine">>,
    place: string,
  ): void {
    const { snapshot } = this.#view.page;
    if (snapshot === null || this.#isPast()) return;
    void this.#ask(place, async () => {
      await this.drafts.flushAll();
      const how = engine === undefined ? {} : { engine };
      const run = { select, partition: partition ?? snapshot.partition, ...how };
      const reply = await this.#connection.request({ type: "run", ...run });
      if (reply === null || !("run" in reply)) return;
      soon(this, ({ runs }) => {
        const begun = runs.find(({ id }) => id === reply.run);
        if (begun === undefined) return null;
        return () => begun.steps.length === 0 && this.toast("Nothing to run: all of it is fresh or held");
      });
    });
  }

  /** Asks a run to stop; with `kill`, ends the kernel that it uses. */
  stop(run: RunId, place: string, kill = false): void {
    // Shown at once: what the server says of it comes with the run.
    this.#dispatch({ type: "stopping", run });
    void this.#ask(place, () => this.#connection.request({ type: "cancel", run, ...(kill ? { kill } : {}) }));
  }

  /** Stops what the notebook's kernel computes, or replaces the kernel; then what failed is computed again. */
  async kernel(action: "interrupt" | "restart"): Promise<void> {
    const notebook = this.#view.page.snapshot?.notebook.path;
    if (notebook === undefined) return;
    await this.#ask(PAGE, async () => {
      await this.#connection.request({ type: "kernel", notebook, action });
      if (action === "restart") this.outputs.retry();
    });
  }

  /** Whether the notebook is shown as it was; says so to who tries to change it. */
  #isPast(): boolean {
    const isPast = this.#page.past.whole !== null;
    if (isPast) this.toast("This is as it was: show what is current, then change it or run it");
    return isPast;
  }

  dismiss(place: string): void {
    this.#dispatch({ type: "asked", place });
  }

  /** Carries out an action; what it is refused with is shown where it was taken. */
  async #ask(place: string, action: () => Promise<unknown>): Promise<void> {
    this.#dispatch({ type: "asked", place });
    try {
      await action();
    } catch (error) {
      this.#dispatch({ type: "refused", place, error: errorInfo(error) });
    }
  }

  /** @returns the notebook's revision; rejects after showing at `place` why it was refused */
  async #edit(notebook: string, ops: readonly NotebookOp[], place: string): Promise<number> {
    this.#dispatch({ type: "asked", place });
    try {
      const reply = await this.#connection.request({ type: "edit", notebook, ops });
      return reply !== null && "revision" in reply ? reply.revision : 0;
    } catch (error) {
      this.#dispatch({ type: "refused", place, error: errorInfo(error) });
      throw error;
    }
  }

  /** Asks for what the page shows; for what it missed, when `cursor` says what it has. */
  async #reopen(cursor: Resumption = {}): Promise<void> {
    const opening = ++this.#opening;
    await this.#ask(PAGE, async () => {
      const { notebook, partition, at } = this.#place;
      const reply = await this.#connection.request({ type: "open", notebook, partition, ...cursor });
      if (opening !== this.#opening || reply === null) return;
      if ("events" in reply) {
        for (const event of reply.events) this.#event(event);
        this.#dispatch({ type: "caught-up", seq: reply.seq });
      } else if ("snapshot" in reply) {
        for (const run of reply.snapshot.runs) this.progress.observe(run, this.#world.now());
        // Rows of one sample are never shown as another's.
        const { snapshot: now } = this.#page;
        const elsewhere =
          reply.snapshot.partition !== now?.partition ||
          (reply.snapshot.notebook.path !== now.notebook.path && this.#page.past.whole !== null);
        if (elsewhere && !isPresent(this.#page.past)) this.#dispatch({ type: "past", past: PRESENT });
        this.#dispatch({ type: "snapshot", snapshot: reply.snapshot });
        if (at !== null) void this.showAsOf(at);
      }
      this.outputs.retry();
      void this.drafts.flushAll();
    });
  }

  #event(event: WorkspaceEvent): void {
    if (event.type === "run") this.progress.observe(event.run, this.#world.now());
    this.#dispatch({ type: "workspace", event });
    if (event.type === "definitions") void this.#reopen();
  }

  #dispatch(event: PageEvent): void {
    const before = this.#view;
    const last = this.#page;
    const next = reduce(last, event);
    if (next === last) return;
    this.#page = next;
    this.#view = viewOf(next, last, before);
    const { page } = this.#view;
    const { snapshot } = before.page;
    const same = page.snapshot?.assets === snapshot?.assets && page.snapshot?.notebook === snapshot?.notebook;
    // What is typed belongs to the notebook as it is, whatever is shown.
    const [was, is] = [last.snapshot?.notebook, next.snapshot?.notebook];
    let gone: readonly CellView[] = [];
    if (is !== undefined && is !== was) {
      const renamed = was?.path === is.path ? followCells(was.cells, is.cells) : new Map<string, string>();
      gone = this.drafts.sync(is, renamed);
    }
    if (page.snapshot !== null && !same) this.outputs.sync(page.snapshot);
    for (const listener of this.#listeners) listener();
    // What is deleted here is meant to go.
    if (this.#changing === 0 && gone.length > 0) void putBack(this, gone, last);
  }
}
