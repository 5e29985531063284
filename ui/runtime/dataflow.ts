/** The one file that knows @observablehq/runtime. */
import type { Module, Variable } from "@observablehq/runtime";
import { Runtime } from "@observablehq/runtime";

import type { Values } from "./generators.ts";

/**
 * Computes a variable; `inputs` by name. Rejecting is fine, and so is being slow: the signal says when it is no
 * longer wanted. Values that follow one another are pulled once a frame, each computing what reads the variable.
 */
export type Body<Value> = (
  inputs: ReadonlyMap<string, Value>,
  signal: AbortSignal,
) => Value | Values<Value> | Promise<Value | Values<Value>>;

export interface DataflowListener<Value> {
  pending(name: string): void;
  fulfilled(name: string, value: Value): void;
}

/**
 * Named variables, each computed from others as soon as those are known and again when one changes. Every
 * variable is observed: reachability is quadratic otherwise. A body that fails gives `failed(error)` as its
 * value, so that what is below still sees a value and the cause.
 */
export class Dataflow<Value> {
  readonly #runtime: Runtime;
  readonly #module: Module;
  readonly #variables = new Map<string, Variable>();
  readonly #listener: DataflowListener<Value>;
  readonly #failed: (error: unknown) => Value;

  constructor(listener: DataflowListener<Value>, failed: (error: unknown) => Value) {
    this.#runtime = new Runtime({}, undefinedName);
    this.#module = this.#runtime.module();
    this.#listener = listener;
    this.#failed = failed;
  }

  /** Defines or redefines a variable. An input that no one defines makes it `failed`. */
  define(name: string, inputs: readonly string[], body: Body<Value>): void {
    const failed = this.#failed;
    const definition = (invalidation: Promise<void>, ...values: Value[]): Promise<Value | Values<Value>> => {
      const controller = new AbortController();
      const superseded = invalidation.then((): never => {
        controller.abort();
        throw new DOMException("superseded", "AbortError");
      });
      const byName = new Map(inputs.map((input, index) => [input, values[index] as Value]));
      const computed = (async () => body(byName, controller.signal))();
      return Promise.race([computed, superseded]).catch(failed);
    };
    const variable = this.#variables.get(name) ?? this.#module.variable(this.#observer(name));
    this.#variables.set(name, variable);
    forget(variable);
    variable.define(name, ["invalidation", ...inputs], definition);
  }

  delete(name: string): void {
    const variable = this.#variables.get(name);
    if (variable === undefined) return;
    this.#variables.delete(name);
    forget(variable);
    variable.delete();
  }

  dispose(): void {
    this.#runtime.dispose();
  }

  #observer(name: string): {
    pending: () => void;
    fulfilled: (value: unknown) => void;
    rejected: (error: unknown) => void;
  } {
    const current = (): boolean => this.#variables.has(name);
    return {
      pending: () => {
        if (current()) this.#listener.pending(name);
      },
      fulfilled: (value) => {
        if (current()) this.#listener.fulfilled(name, value as Value);
      },
      rejected: (error) => {
        if (current()) this.#listener.fulfilled(name, this.#failed(error));
      },
    };
  }
}

/**
 * A variable that is defined anew waits for its old promise, and so does all below it: one that never
 * settles would hold them for ever. Results of the old promise are dropped by its version.
 */
function forget(variable: Variable): void {
  const below = new Set([variable]);
  for (const one of below) {
    // Not public, and the only way: 6.0.1 is pinned.
    // oxlint-disable-next-line no-underscore-dangle
    one._promise = Promise.resolve();
    // oxlint-disable-next-line no-underscore-dangle
    for (const output of one._outputs) below.add(output);
  }
}

/** The runtime would otherwise look names up in `window`: a cell called `status` is no such thing. */
function undefinedName(name: string): never {
  throw new Error(`${name} is not defined`);
}
