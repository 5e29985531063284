/** Values that change by themselves: what the dataflow pulls, one at a time, and disposes of. */
export interface Values<Value> {
  next(): IteratorResult<Value | Promise<Value>> | Promise<IteratorResult<Value>>;
  return(): unknown;
}

/** What the runtime takes for values that follow one another. */
export function isValues(value: unknown): value is Values<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "next" in value &&
    typeof value.next === "function" &&
    "return" in value &&
    typeof value.return === "function"
  );
}

/**
 * The latest of the values that `start` tells; one that is not taken before the next comes is skipped, and of several
 * told in one go only the last is given.
 */
export function observe<Value>(
  start: (change: (value: Value) => void) => (() => void) | undefined,
): Values<Value> {
  let latest: { readonly value: Value } | null = null;
  let give: ((value: Value) => void) | null = null;
  const handOver = (): void => {
    if (latest === null || give === null) return;
    const { value } = latest;
    const taker = give;
    [latest, give] = [null, null];
    taker(value);
  };
  const dispose = start((value) => {
    latest = { value };
    if (give !== null) queueMicrotask(handOver);
  });
  return {
    next: () => {
      const value = new Promise<Value>((resolve) => {
        give = resolve;
      });
      handOver();
      return { done: false, value };
    },
    return: () => {
      dispose?.();
      return { done: true, value: undefined };
    },
  };
}

/** The value of an input element, now and after each of its events. */
export function input(element: Element): Values<unknown> {
  return observe((change) => {
    const event = eventOf(element);
    const changed = (): void => change(valueOf(element));
    element.addEventListener(event, changed);
    const first = valueOf(element);
    if (first !== undefined) change(first);
    return () => element.removeEventListener(event, changed);
  });
}

/** A value that its own cell may set; the other cells see each value it has. */
export class Mutable<Value> implements Values<Value> {
  #value: Value;
  #change: (value: Value) => void = () => {};
  readonly #values: Values<Value>;

  constructor(value: Value) {
    this.#value = value;
    this.#values = observe((change) => {
      this.#change = change;
      if (value !== undefined) change(value);
      return undefined;
    });
  }

  get value(): Value {
    return this.#value;
  }

  set value(value: Value) {
    this.#value = value;
    this.#change(value);
  }

  next(): ReturnType<Values<Value>["next"]> {
    return this.#values.next();
  }

  return(): unknown {
    return this.#values.return();
  }
}

/** Each of `values` through `map`; what they fail with goes through `failed`, and ends them. */
export function mapValues<Value, Result>(
  values: Values<Value>,
  map: (value: Value) => Result,
  failed: (error: unknown) => Result,
): Values<Result> {
  let ended = false;
  return {
    async next() {
      if (ended) return { done: true, value: undefined };
      try {
        const { done, value } = await values.next();
        if (done === true) return { done: true, value: undefined };
        return { done: false, value: map(await value) };
      } catch (error) {
        ended = true;
        return { done: false, value: failed(error) };
      }
    },
    return() {
      ended = true;
      values.return();
      return { done: true, value: undefined };
    },
  };
}

/** `valueAsNumber` and the like, as Observable's inputs and the browser's own give their value. */
function valueOf(element: Element): unknown {
  if (!(element instanceof HTMLInputElement)) return "value" in element ? element.value : undefined;
  switch (element.type) {
    case "range":
    case "number":
      return element.valueAsNumber;
    case "date":
      return element.valueAsDate;
    case "checkbox":
      return element.checked;
    case "file":
      return element.multiple ? element.files : (element.files?.[0] ?? null);
    default:
      return element.value;
  }
}

function eventOf(element: Element): string {
  const type =
    element instanceof HTMLInputElement || element instanceof HTMLButtonElement ? element.type : "";
  if (type === "button" || type === "submit") return "click";
  return type === "checkbox" || type === "file" ? "change" : "input";
}
