/**
 * Names that JavaScript and the browser give to every cell: a reference to one of these is no input. Short on
 * purpose. A window has hundreds of names more, among them `name`, `status`, `top` and `length`, which people
 * want for their cells.
 */
export const GLOBALS: ReadonlySet<string> = new Set(
  `AbortController AbortSignal AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Blob
  Boolean DOMException DOMParser DataView Date Error EvalError Event EventTarget File Float32Array Float64Array
  FormData Function HTMLElement Image Infinity Int16Array Int32Array Int8Array IntersectionObserver Intl Iterator
  JSON Map Math MutationObserver NaN Node Number Object Path2D Promise Proxy RangeError ReadableStream
  ReferenceError Reflect RegExp ResizeObserver Set String Symbol SyntaxError TextDecoder TextEncoder TypeError
  URIError URL URLSearchParams Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet
  XMLSerializer atob btoa cancelAnimationFrame clearInterval clearTimeout console crypto decodeURI
  decodeURIComponent devicePixelRatio document encodeURI encodeURIComponent escape globalThis isFinite isNaN
  localStorage location matchMedia navigator parseFloat parseInt performance queueMicrotask
  requestAnimationFrame requestIdleCallback sessionStorage setInterval setTimeout structuredClone undefined
  unescape window`.split(/\s+/),
);
