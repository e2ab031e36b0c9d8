import { z } from 'zod'

/** The most one template may have, in characters. */
export const largestTemplate = 1024 * 1024
/** The most files one request may bring. */
export const mostFiles = 500
/** The most a rendered file may have, in bytes. */
export const largestOutput = 4 * 1024 * 1024
/** The most all rendered files of a request may have together, in bytes. */
export const largestOutputs = 16 * 1024 * 1024

const megabytes = (bytes: number) => `${bytes / 1024 / 1024} MB`

/** A template's text. */
export const templateText = z.string().max(largestTemplate, `A template has at most ${megabytes(largestTemplate)}.`)

/** How errors call a template; not a place the daemon reads. */
export const templateName = z
  .string()
  .min(1, 'The name is empty.')
  .max(300, 'A name has at most 300 characters.')
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'A name has no control characters.')

/** A path within a folder of templates: relative, without `..`. */
export const templatePath = templateName.refine(
  (path) => !path.includes('\\') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
  'This is not a path within the folder (like deploy/ingress.yaml).',
)

/** The files of one request. */
export const templateFiles = z
  .array(
    z.strictObject({
      path: templatePath,
      text: templateText,
      current: templateText.max(largestOutput).nullish(),
    }),
  )
  .min(1, 'There is no file to render.')
  .max(mostFiles, `At most ${mostFiles} files in one request.`)
  .superRefine((files, ctx) => {
    const seen = new Set<string>()
    for (const [index, { path }] of files.entries()) {
      if (seen.has(path)) ctx.addIssue({ code: 'custom', path: [index, 'path'], message: `${path} is there twice.` })
      seen.add(path)
    }
  })

/** How a rendered file differs from what is there; `unknown` when nobody asked. */
export const fileStates = ['created', 'changed', 'unchanged', 'unknown'] as const
export type FileState = (typeof fileStates)[number]

/** A rendered template. */
export interface RenderedFile {
  path: string
  text: string
  /** A secret went into the text: whoever writes it uses mode 0600. */
  secret: boolean
  /** What rendered it. */
  renderer: 'built-in' | 'gomplate'
  state: FileState
  /** Unified difference from what is there, secrets masked; absent when not asked for, the same, or too big to show. */
  diff?: string
}

/** Namespaces of gomplate that only compute. */
const pureNamespaces = new Set(
  'base64 coll conv crypto data filepath math path random regexp semver strings test time uuid'.split(' '),
)
const pureMembers = /^(net\.(Parse|CIDR)\w+|tmpl\.Exec)$/
/** Names without a namespace that reach files, the network, the environment, or text that is a template itself. */
const reaching = new Set(
  `ds datasource include datasourceExists datasourceReachable defineDatasource listDatasources file env getenv tpl tmpl
   aws ec2meta ec2dynamic ec2region ec2tag ec2tags gcp net sockaddr`.split(/\s+/),
)

/**
 * Of the functions a template calls, those that gomplate is not run for: they could read files of this device, its
 * environment or its network.
 */
export function refusedForGomplate(called: string[]): string[] {
  return called.filter((name) => {
    const [first = '', member] = name.split('.')
    if (pureMembers.test(name)) return false
    return member === undefined ? reaching.has(first) : !pureNamespaces.has(first)
  })
}
