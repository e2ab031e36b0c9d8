import { constants, open, stat } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { type Document, isCollection, isMap, LineCounter, parseDocument, type YAMLError } from 'yaml'
import { writeFileAtomic } from './atomic-file.ts'
import { WildError } from './errors.ts'
import { type Change, editText } from './yaml-edit.ts'
import { formatYamlPath, type PathSegment } from './yaml-path.ts'

export type Tree = Record<string, unknown>

export type { Change }

export interface ParsedYaml {
  text: string
  document: Document
  tree: Tree
}

const largest = 2 * 1024 * 1024

/**
 * Called with the old and new text before the new one is written; keeps the old one as history. A function it answers
 * is called once the new one is there.
 */
export type BeforeWrite = (before: string, after: string) => Promise<void | (() => Promise<void>)>

/**
 * A YAML file that people edit by hand as well: read fresh (cached by its times and size), changed as a document so that
 * comments, order and quoting of untouched parts survive, written atomically. A file that does not parse is never overwritten.
 */
export interface YamlFile {
  read(): Promise<ParsedYaml>
  /** All changes or none. Returns false (and writes nothing) when every value is already so. Throws INVALID_INPUT or CONFIG_INVALID. */
  change(changes: Change[], before?: BeforeWrite): Promise<boolean>
  /** Replaces the whole text, which must parse to a map. With `evenBroken` also one that does not parse. */
  replace(text: string, before?: BeforeWrite, options?: { evenBroken?: boolean }): Promise<boolean>
  /** The text as it is, whether it parses or not; empty when there is no file. `work` runs while nothing else writes. */
  raw<T>(work: (text: string) => Promise<T>): Promise<T>
}

const documentOptions = { uniqueKeys: true, strict: true, version: '1.2', merge: true } as const
const outputOptions = { lineWidth: 0 } as const

/**
 * Parses text to a document whose root is a map (an empty file is an empty map). Throws CONFIG_INVALID with
 * `details: {file, line, column}` of the first problem. `label` names the file for people.
 */
export function parseYaml(
  text: string,
  label: string,
  code: 'CONFIG_INVALID' | 'INVALID_INPUT' = 'CONFIG_INVALID',
): ParsedYaml {
  if (text.length > largest) throw problem(code, label, `it is larger than ${largest / 1024 / 1024} MB`, 1, 1)
  if (text.includes('\uFFFD')) throw problem(code, label, 'it is not valid UTF-8 text', 1, 1)
  const lines = new LineCounter()
  const document = parseDocument(text, { ...documentOptions, lineCounter: lines })
  const error: YAMLError | undefined = document.errors[0]
  if (error) {
    const { line, col } = lines.linePos(error.pos[0])
    const why = error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')
    throw problem(code, label, /call stack/.test(why) ? 'it is nested too deeply' : why, line, col)
  }
  if (document.contents === null) (document as Document).contents = document.createNode({})
  if (!isMap(document.contents)) throw problem(code, label, 'its top level is not a map of keys', 1, 1)
  try {
    return { text, document, tree: document.toJS({ maxAliasCount: 100 }) as Tree }
  } catch (cause) {
    const why = cause instanceof RangeError ? 'it is nested too deeply' : (cause as Error).message
    throw problem(code, label, why, 1, 1)
  }
}

function problem(
  code: 'CONFIG_INVALID' | 'INVALID_INPUT',
  file: string,
  why: string,
  line: number,
  column: number,
): WildError {
  const message = `${file} line ${line}, column ${column}: ${why}.`
  return new WildError(code, message, { file, line, column, ...(code === 'INVALID_INPUT' ? { field: 'yaml' } : {}) })
}

/** Sets or deletes one key in a document, creating maps on the way; refuses to go through a plain value. */
export function applyChange(document: Document, { path, value }: Change): void {
  for (let depth = 1; depth < path.length; depth++) {
    const parent = path.slice(0, depth)
    if (!document.hasIn(parent)) break
    const node = document.getIn(parent, true)
    if (!isCollection(node) && !(value === undefined) && !isEmptyNode(node))
      throw new WildError(
        'INVALID_INPUT',
        `path: ${formatYamlPath(parent)} is a value, not a section; nothing can be set below it.`,
        { field: 'path' },
      )
    if (isEmptyNode(node)) document.setIn(parent, document.createNode({}))
    // `{}` becomes a block once it holds something, so that a growing map does not grow on one line.
    if (isCollection(node) && node.items.length === 0) node.flow = false
  }
  if (value === undefined) document.deleteIn(path)
  else document.setIn(path, document.createNode(value))
}

/** Does it; when that fails the error says what to do. */
function hinting<T>(work: () => T, hint: string | undefined): T {
  try {
    return work()
  } catch (error) {
    if (!hint || !(error instanceof WildError)) throw error
    throw new WildError(error.code, error.message, { ...error.details, hint }, { cause: error.cause })
  }
}

function isEmptyNode(node: unknown): boolean {
  return node === null || (typeof node === 'object' && node !== null && 'value' in node && node.value === null)
}

/** A YAML file; `mode` is enforced on every write. `label` names it in messages, `hint` says what to do when it does not parse. */
export function createYamlFile(path: string, label: string, options: { mode?: number; hint?: string } = {}): YamlFile {
  let cached: (ParsedYaml & { stamp: string }) | undefined
  let queue: Promise<unknown> = Promise.resolve()

  async function stamp(): Promise<string> {
    const info = await stat(path)
    // Also the time of the last change of its permissions, which may forbid reading it.
    return `${info.mtimeMs}:${info.ctimeMs}:${info.size}:${info.ino}`
  }

  async function load(): Promise<ParsedYaml> {
    const current = await stamp().catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return 'absent'
      throw cannotRead(label, error)
    })
    if (cached?.stamp === current) return cached
    const text = current === 'absent' ? '' : await readText(path, label)
    cached = { ...hinting(() => parseYaml(text, label), options.hint), stamp: current }
    return cached
  }

  async function rawText(): Promise<string> {
    const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw cannotRead(label, error)
    })
    return there ? readText(path, label) : ''
  }

  function enqueue<T>(work: () => Promise<T>): Promise<T> {
    const next = queue.then(work, work)
    queue = next.catch(() => undefined)
    return next
  }

  async function write(before: string, after: string, beforeWrite?: BeforeWrite): Promise<boolean> {
    if (before === after) return false
    parseYaml(after, label)
    try {
      const written = await beforeWrite?.(before, after)
      await writeFileAtomic(path, after, options)
      cached = undefined
      await written?.()
    } catch (error) {
      throw cannotWrite(label, error)
    }
    return true
  }

  return {
    read: load,
    change: (changes, beforeWrite) =>
      enqueue(async () => {
        const { text } = await load()
        return write(text, changedYaml(text, label, changes), beforeWrite)
      }),
    replace: (text, beforeWrite, { evenBroken = false } = {}) =>
      enqueue(async () => {
        parseYaml(text, label, 'INVALID_INPUT')
        const before = evenBroken ? await rawText() : (await load()).text
        return write(before, text, beforeWrite)
      }),
    raw: (work) => enqueue(async () => work(await rawText())),
  }
}

/**
 * The text with these changes made, all of them; lines they do not concern stay as they are. Throws INVALID_INPUT when the
 * text does not parse or a path leads through a plain value. `label` names the text for people.
 */
export function changedYaml(text: string, label: string, changes: Change[]): string {
  const { document, tree } = parseYaml(text, label, 'INVALID_INPUT')
  if (changes.every(({ path: at, value }) => same(tree, at, value))) return text
  for (const change of changes) applyChange(document, change)
  return changedText(text, changes, document)
}

/** The text with only the changed lines changed; where that does not say the same, the document written anew. */
function changedText(text: string, changes: Change[], document: Document): string {
  const anew = document.toString(outputOptions)
  let edited: string | undefined = text
  for (const change of changes) edited = edited === undefined ? undefined : editText(edited, change)
  if (edited === undefined) return anew
  try {
    const options = { maxAliasCount: 100 }
    const [kept, wanted] = [edited, anew].map((each) => parseYaml(each, 'text').document.toJS(options))
    return isDeepStrictEqual(kept, wanted) ? edited : anew
  } catch {
    return anew
  }
}

function same(tree: unknown, path: PathSegment[], value: unknown): boolean {
  let current = tree
  for (const segment of path) {
    if (current === null || typeof current !== 'object' || !Object.hasOwn(current, segment)) return value === undefined
    current = (current as Record<PathSegment, unknown>)[segment]
  }
  return value !== undefined && JSON.stringify(current) === JSON.stringify(value)
}

function cannotRead(label: string, error: NodeJS.ErrnoException): WildError {
  return new WildError('CONFIG_INVALID', `${label} cannot be read (${error.code}).`, { file: label }, { cause: error })
}

/** A file or folder that is read-only as a problem of this file; anything else as it is. */
function cannotWrite(label: string, error: unknown): unknown {
  const { code, path } = error as NodeJS.ErrnoException
  if (code === undefined || !['EACCES', 'EPERM', 'EROFS'].includes(code)) return error
  const message = `${label} cannot be written: it is read-only for the daemon (${code}). Nothing was changed.`
  const hint = 'Let the user that the daemon runs as write the folder of the instance and what is in it.'
  return new WildError('CONFIG_INVALID', message, { file: label, path, hint }, { cause: error })
}

async function readText(path: string, label: string): Promise<string> {
  // Opening a pipe would wait for somebody to write into it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(label, error)
  })
  try {
    const info = await file.stat()
    if (!info.isFile()) throw new WildError('CONFIG_INVALID', `${label} is not a file.`, { file: label })
    if (info.size > largest)
      throw new WildError('CONFIG_INVALID', `${label} is larger than ${largest / 1024 / 1024} MB.`, { file: label })
    return new TextDecoder('utf-8').decode(await file.readFile())
  } finally {
    await file.close()
  }
}
