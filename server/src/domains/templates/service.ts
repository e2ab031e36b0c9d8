import { createTwoFilesPatch } from 'diff'
import { parseDocument } from 'yaml'
import type { Audit } from '../../platform/audit.ts'
import type { Door } from '../../platform/door.ts'
import { invalid, WildError } from '../../platform/errors.ts'
import type { Masker } from '../../platform/masking.ts'
import { parse } from '../../platform/names.ts'
import type { RunTool } from '../../platform/run-tool.ts'
import { findTool, toolMissing } from '../../platform/tool-runner.ts'
import {
  type Context,
  ContextError,
  calledFunctions,
  explain,
  parseYamlContext,
  render,
  requiredFunctions,
  TemplateError,
} from '../../templates/index.ts'
import { renderWithGomplate } from '../../tools/gomplate.ts'
import {
  type FileState,
  largestOutput,
  largestOutputs,
  type RenderedFile,
  refusedForGomplate,
  templateFiles,
  templateName,
  templateText,
} from './model.ts'

/** How templates are rendered. */
export interface RenderChoices {
  /** Let templates see secrets, as `.secrets` and `ds "secrets"`. Noted in the audit log. */
  secrets?: boolean | null
  /** Tell how the result differs from `current`. */
  compare?: boolean | null
}

export interface TemplateInput extends RenderChoices {
  template: string
  /** How errors call it; default `template`. */
  name?: string | null
  /** What is in the file now; absent when there is none. */
  current?: string | null
}

export interface TemplateFilesInput extends RenderChoices {
  files: { path: string; text: string; current?: string | null }[]
}

/** Renders the templates of whoever asks, over the config of an instance. Reads no file but config.yaml and secrets.yaml; writes none. */
export interface TemplatesService {
  /** Throws INVALID_INPUT `file:line:column: reason` with `details: {file, line, column, reason, near}`. */
  render(instance: string, input: TemplateInput, via: Door): Promise<RenderedFile>
  /** All files or none. Throws INVALID_INPUT as `render` does; `details.problems` has those of every file. */
  renderFiles(instance: string, input: TemplateFilesInput, via: Door): Promise<RenderedFile[]>
}

export interface TemplatesDeps {
  config: { context(instance: string): Promise<Context>; text(instance: string): Promise<string> }
  secrets: { tree(instance: string): Promise<Record<string, unknown>> }
  reads: RunTool
  masker: Masker
  audit: Audit
}

/** What templates see. */
interface Data {
  plain: Context
  /** With secrets, when they were asked for. */
  full?: Context
  secrets?: Context
  /** The same as YAML, for gomplate. */
  yaml: string
}

/** How long all files of one request may take, in milliseconds. */
const longestMs = 30_000
/** Texts beyond this, in characters, are compared but not shown line by line. */
const longestDiff = 200_000

/** Rendering for people, in the daemon. */
export function createTemplatesService(deps: TemplatesDeps): TemplatesService {
  async function dataFor(instance: string, withSecrets: boolean): Promise<Data> {
    try {
      const plain = await deps.config.context(instance)
      const yaml = await deps.config.text(instance)
      if (!withSecrets) return { plain, yaml }
      const tree = await deps.secrets.tree(instance)
      const secrets = parseYamlContext(JSON.stringify(tree))
      const document = parseDocument(yaml, { merge: true })
      document.set('secrets', document.createNode(tree))
      return { plain, secrets, full: new Map([...plain, ['secrets', secrets]]), yaml: String(document) }
    } catch (error) {
      if (!(error instanceof ContextError)) throw error
      throw new WildError(
        'CONFIG_INVALID',
        `config.yaml of ${instance} cannot be used in templates: ${error.message}.`,
        {
          file: `config.yaml of ${instance}`,
        },
      )
    }
  }

  async function renderText(name: string, text: string, data: Data): Promise<Omit<RenderedFile, 'state' | 'path'>> {
    try {
      const options = { name, maxOutputBytes: largestOutput }
      if (!data.full || !data.secrets) {
        return { text: render(text, data.plain, options), secret: false, renderer: 'built-in' }
      }
      const shown = render(text, data.full, { ...options, datasources: { secrets: data.secrets } })
      return { text: shown, secret: shown !== withoutSecrets(text, data, options), renderer: 'built-in' }
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      if (error.code !== 'TEMPLATE_FUNCTION_MISSING') throw cannotRender(error, text)
      return throughGomplate(error, text, data)
    }
  }

  async function throughGomplate(
    error: TemplateError,
    text: string,
    data: Data,
  ): Promise<Omit<RenderedFile, 'state' | 'path'>> {
    const lacking = lackingFunctions(error, text)
    const named = `${lacking.length === 1 ? 'the function' : 'the functions'} ${lacking.join(', ')}`
    const refused = refusedForGomplate(calledFunctions(text))
    if (refused.length) {
      const why = `${named} cannot be used: not built in, and gomplate is not run for templates that call ${refused.join(', ')}`
      throw cannotRender(error, text, `${why}, which could read other files of this device`, { functions: lacking })
    }
    if (!findTool('gomplate')) {
      const { hint } = toolMissing('gomplate').details
      const why = `${named} ${lacking.length === 1 ? 'is' : 'are'} not built in; gomplate may have it, but is not installed`
      throw cannotRender(error, text, why, { functions: lacking, hint })
    }
    const answer = await renderWithGomplate(deps.reads, { template: text, config: data.yaml })
    if ('failure' in answer) {
      const { line, reason } = answer.failure
      throw cannotRender(new TemplateError('TEMPLATE_EXEC', { file: error.file, line, column: 0 }, reason), text)
    }
    if (Buffer.byteLength(answer.text) > largestOutput)
      throw cannotRender(error, text, `the output is larger than ${largestOutput} bytes`)
    // What gomplate made cannot be compared with a rendering without secrets: random parts differ.
    return { text: answer.text, secret: data.full !== undefined, renderer: 'gomplate' }
  }

  function compared(path: string, text: string, current: string | null | undefined, wanted: boolean): Compared {
    if (!wanted) return { state: 'unknown' }
    if (current === text) return { state: 'unchanged' }
    const state = typeof current === 'string' ? 'changed' : 'created'
    const before = current ?? ''
    if (before.length + text.length > longestDiff) return { state }
    const from = typeof current === 'string' ? path : '/dev/null'
    const diff = createTwoFilesPatch(from, path, before, text, undefined, undefined, { context: 3, timeout: 1_000 })
    return { state, ...(diff === undefined ? {} : { diff: deps.masker.text(diff) }) }
  }

  function note(instance: string, key: string, via: Door): void {
    deps.audit.record({ action: 'template.render', door: via, instance, key })
  }

  return {
    async render(instance, input, via) {
      const name = parse(templateName, input.name ?? 'template', 'name')
      const text = parse(templateText, input.template, 'template')
      if (typeof input.current === 'string') parse(templateText.max(largestOutput), input.current, 'current')
      const data = await dataFor(instance, input.secrets === true)
      if (data.full) note(instance, `all, for ${name}`, via)
      const rendered = await renderText(name, text, data)
      return { path: name, ...rendered, ...compared(name, rendered.text, input.current, input.compare === true) }
    },
    async renderFiles(instance, input, via) {
      const files = parse(templateFiles, input.files, 'files')
      const data = await dataFor(instance, input.secrets === true)
      if (data.full) note(instance, `all, for ${files.length} files`, via)
      const until = performance.now() + longestMs
      const results: RenderedFile[] = []
      const problems: WildError[] = []
      let size = 0
      for (const { path, text, current } of files) {
        // Others get their turn between two files.
        await new Promise((resolve) => setImmediate(resolve))
        if (performance.now() > until) throw invalid('files', `files: rendering took more than ${longestMs / 1000} s.`)
        try {
          const rendered = await renderText(path, text, data)
          size += rendered.text.length
          if (size > largestOutputs) throw invalid('files', `files: more than ${largestOutputs} bytes when rendered.`)
          results.push({ path, ...rendered, ...compared(path, rendered.text, current, input.compare === true) })
        } catch (error) {
          if (!(error instanceof WildError) || error.details.line === undefined) throw error
          problems.push(error)
        }
      }
      if (problems.length) throw together(problems)
      return results
    },
  }
}

type Compared = { state: FileState; diff?: string }

/** The text without secrets in reach; undefined where it cannot be rendered so. */
function withoutSecrets(text: string, data: Data, options: { name: string; maxOutputBytes: number }) {
  try {
    return render(text, data.plain, options)
  } catch {
    return undefined
  }
}

function lackingFunctions(error: TemplateError, text: string): string[] {
  const lacking = requiredFunctions(text)
  const [, named] = /function "([^"]+)"/.exec(error.message) ?? []
  return lacking.length ? lacking : [named ?? 'it calls']
}

function cannotRender(
  error: TemplateError,
  text: string,
  reason?: string,
  details: Record<string, unknown> = {},
): WildError {
  const found = explain(error, text)
  const why = reason ?? found.reason
  const near = found.near ? ` — at ${found.near}` : ''
  const hint = hintFor(found.near, why)
  return invalid('template', `${found.file}:${found.line}:${found.column}: ${why}${near}`, {
    file: found.file,
    line: found.line,
    column: found.column,
    reason: why,
    near: found.near,
    ...(hint ? { hint } : {}),
    ...details,
  })
}

/** What a person can do about a value that is not there. */
function hintFor(near: string, why: string): string | undefined {
  if (/^\$?\.secrets\b|\bds(ource)? "secrets"/.test(near)) return 'Templates see secrets only when asked to: --secrets.'
  if (!/^map has no entry for key "|^nil data; no entry/.test(why)) return undefined
  const key = near.replace(/^\$?\./, '')
  return /^[\w.]+$/.test(key) ? `wild-cli config set ${key} VALUE` : undefined
}

function together(problems: WildError[]): WildError {
  const [first] = problems as [WildError]
  if (problems.length === 1) return first
  const others = problems.length - 1
  return invalid('files', `${first.message} (and ${others} more ${others === 1 ? 'file' : 'files'})`, {
    ...first.details,
    problems: problems.map(({ message, details }) => ({ field: details.file, message })),
  })
}
