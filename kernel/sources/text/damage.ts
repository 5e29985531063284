/** Packed bytes that cannot be unpacked further. Ours alone: the reader of the text adds where it was. */
export class DamagedText extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DamagedText";
  }
}
