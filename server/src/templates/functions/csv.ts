import { FunctionFailure } from '../errors.ts'
import { type GoMap, isList, type Value } from '../values.ts'
import { toText } from './conv-values.ts'

/** Splits a text into records. Throws FunctionFailure for a quote in the wrong place or lines of unequal length. */
function readRecords(text: string, delimiter: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let at = 0
  while (at < text.length) {
    const { field, end } = text[at] === '"' ? readQuoted(text, at, delimiter) : readBare(text, at, delimiter)
    record.push(field)
    at = end
    if (text[at] === delimiter && at < text.length) {
      at++
      if (at < text.length && text[at] !== '\n') continue
      record.push('')
    }
    if (text.startsWith('\r\n', at)) at += 2
    else if (text[at] === '\n') at++
    if (record.length > 1 || record[0] !== '') records.push(record)
    record = []
  }
  const odd = records.findIndex((fields) => fields.length !== records[0]?.length)
  if (odd >= 0) throw new FunctionFailure(`record on line ${odd + 1}: wrong number of fields`)
  return records
}

function readBare(text: string, start: number, delimiter: string): { field: string; end: number } {
  let end = start
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end++
  const field = text.slice(start, end).replace(/\r$/, '')
  if (field.includes('"')) throw new FunctionFailure('parse error on line 1, column 1: bare " in non-quoted-field')
  return { field, end }
}

function readQuoted(text: string, start: number, delimiter: string): { field: string; end: number } {
  let field = ''
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== '"') field += text[at]
    else if (text[at + 1] === '"') {
      field += '"'
      at++
    } else {
      const after = text[at + 1]
      if (after === undefined || after === delimiter || after === '\n' || after === '\r') return { field, end: at + 1 }
      break
    }
  }
  throw new FunctionFailure('parse error on line 1, column 1: extraneous or missing " in quoted-field')
}

/** (text), (delimiter, text) or (delimiter, header, text) taken apart into records and their header. */
function parse(args: string[]): { records: string[][]; header: string[] } {
  if (args.length === 0 || args.length > 3)
    throw new FunctionFailure(`wrong number of args: want 1 to 3, got ${args.length}`)
  const delimiter = args.length > 1 ? (args[0] ?? '').slice(0, 1) || ',' : ','
  const records = readRecords(args[args.length - 1] ?? '', delimiter)
  if (args.length < 3) return { records: records.slice(1), header: records[0] ?? [] }
  const named = (args[1] ?? '') === '' ? autoNames(records[0]?.length ?? 0) : (args[1] ?? '').split(delimiter)
  return { records, header: named }
}

/** A, B, … Z, AA, AB … */
function autoNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => columnName(index))
}

function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter
}

/** All rows, the header first. */
export function csv(args: string[]): Value {
  const { records, header } = parse(args)
  return [header, ...records]
}

/** Every row as a map from column name to field. */
export function csvByRow(args: string[]): Value {
  const { records, header } = parse(args)
  return records.map((record): GoMap => new Map(record.map((field, index) => [header[index] ?? '', field])))
}

/** Every column as a list of fields. */
export function csvByColumn(args: string[]): Value {
  const { records, header } = parse(args)
  return new Map(header.map((name, index): [string, Value] => [name, records.map((record) => record[index] ?? '')]))
}

/** Rows as CSV with CRLF line ends: (rows) or (delimiter, rows). Throws FunctionFailure for anything but rows. */
export function toCsv(args: Value[]): string {
  const delimiter = args.length === 2 ? args[0] : ','
  const rows = args[args.length - 1] ?? null
  if (typeof delimiter !== 'string') throw new FunctionFailure("can't parse ToCSV delimiter - must be string")
  if (!isList(rows) || !rows.every(isList)) {
    throw new FunctionFailure("can't parse ToCSV input - must be a two-dimensional array")
  }
  const field = (value: Value) => {
    const text = toText(value)
    const quoted = text.includes(delimiter) || /["\r\n]|^[ \t]/.test(text)
    return quoted ? `"${text.replaceAll('"', '""')}"` : text
  }
  return rows.map((row) => `${(row as Value[]).map(field).join(delimiter)}\r\n`).join('')
}
