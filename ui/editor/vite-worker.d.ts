declare module "*?worker" {
  const WorkerOf: new () => Worker;
  // The bundler's own shape.
  // oxlint-disable-next-line import/no-default-export
  export default WorkerOf;
}
