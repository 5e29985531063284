/** What the reader is told before the first record: fields, rules, and the shape of the file. */
import { Field } from "./field-columns";
import { Judge } from "./judge";
import { Stretch } from "./memory";
import { VcfRecord } from "./record";
import { Shape } from "./shape";
import { TableField } from "./tables";

const shape = new Shape();
/** The record that is looked at. */
export const record = new VcfRecord(shape);
export const judge = new Judge();
/** Fields that become columns. */
export const infoFields: TableField[] = [];
export const formatFields: TableField[] = [];
/** Where the host writes texts. */
export const scratch = new Stretch(1 << 12);

/** Room for a text that the host writes. */
export function room(bytes: usize): usize {
  scratch.ensure(bytes, 0);
  return scratch.at;
}

/** Adds an INFO field that becomes a column; its ID lies at `room`. Returns its number. */
export function addInfo(length: usize, values: i32, isList: bool, count: i32): i32 {
  const number = record.info.add(scratch.at, scratch.at + length);
  infoFields.push(new TableField(new Field(values, isList, count), number));
  shape.hasInfo = true;
  return number;
}

/** Adds a FORMAT field that becomes a column; its ID lies at `room`. Returns its number. */
export function addFormat(length: usize, values: i32, isList: bool, count: i32): i32 {
  const number = record.sample.add(scratch.at, scratch.at + length);
  formatFields.push(new TableField(new Field(values, isList, count), number));
  return number;
}

/** A text of FILTER that passes, at `room`. */
export function addPassing(length: usize): void {
  judge.passing.find(scratch.at, scratch.at + length);
}

export function useGenotype(number: i32): void {
  shape.gt = number;
}

export function useSampleFilter(number: i32): void {
  shape.sampleFilter = number;
}

export function useDepth(number: i32): void {
  shape.depths.add(number);
}

export function useBlockDepth(number: i32): void {
  shape.blockDepths.add(number);
}

export function useQuality(number: i32): void {
  shape.qualities.add(number);
}

export function useInfoDepth(number: i32): void {
  shape.infoDepth = number;
}

export function useInfoLength(number: i32): void {
  shape.infoLength = number;
}

export function useBlockLength(number: i32): void {
  shape.blockLength = number;
}

/** The rest. The ID of the INFO field that says where a block ends lies at `room`. */
export function settle(columns: i32, genotypes: bool, minDepth: f64, minQual: f64, endIdLength: usize): void {
  shape.columns = columns;
  shape.genotypes = genotypes;
  shape.infoEnd = record.info.add(scratch.at, scratch.at + endIdLength);
  judge.minDepth = minDepth;
  judge.minQual = minQual;
  record.prepare();
}
