/** The part of @observablehq/runtime 6.0.1 that we use; it ships no types. */
declare module "@observablehq/runtime" {
  export interface Observer {
    pending?(): void;
    fulfilled?(value: unknown, name: string | null): void;
    rejected?(error: unknown, name: string | null): void;
  }

  export interface Variable {
    define(name: string, inputs: readonly string[], definition: (...inputs: never[]) => unknown): this;
    delete(): this;
    /** Not public: the promise that a new definition waits for. */
    _promise: Promise<unknown>;
    /** Not public: the variables that read this one. */
    readonly _outputs: ReadonlySet<Variable>;
  }

  export interface Module {
    variable(observer: Observer | true): Variable;
  }

  export class Runtime {
    constructor(builtins?: Readonly<Record<string, unknown>>, global?: (name: string) => unknown);
    module(): Module;
    dispose(): void;
  }
}
