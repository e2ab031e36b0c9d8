import { z } from 'zod'
import { instanceName } from '../../../platform/names.ts'

/** What became of a part of the old home. */
export const importVerdicts = ['taken', 'changed', 'left', 'problem'] as const
export type ImportVerdict = (typeof importVerdicts)[number]

/** One line of what an import did, or would do. */
export interface ImportLine {
  verdict: ImportVerdict
  /** A file of the old home, or a key of its config.yaml. */
  path: string
  /** Why, for a person. Never a value of a secret. */
  message: string
}

/** A file of the old home; without text when it is too large or no text. */
export interface HomeFile {
  path: string
  text?: string | null
}

/** A file of the new instance. */
export interface InstanceFile {
  /** Relative to the instance's folder. */
  path: string
  text: string
  /** It holds keys: mode 0600. */
  secret: boolean
}

/** The most one file may have, in characters. */
export const largestFile = 1024 * 1024
/** The most files one home may have. */
export const mostFiles = 3_000

const path = z
  .string()
  .min(1, 'The path is empty.')
  .max(300, 'A path has at most 300 characters.')
  .regex(/^[^\u0000-\u001f\u007f\\]*$/, 'A path has no control characters and no backslash.')
  .refine(
    (text) => text.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'This is not a path within the folder (like apps/ghost/manifest.yaml).',
  )

/** The files of an old home. */
export const homeFiles = z
  .array(
    z.strictObject({
      path,
      text: z
        .string()
        .max(largestFile, `A file has at most ${largestFile / 1024 / 1024} MB.`)
        .nullish(),
    }),
  )
  .max(mostFiles, `At most ${mostFiles} files.`)
  .superRefine((files, ctx) => {
    const seen = new Set<string>()
    for (const [index, { path: each }] of files.entries()) {
      if (seen.has(each)) ctx.addIssue({ code: 'custom', path: [index, 'path'], message: `${each} is there twice.` })
      seen.add(each)
    }
    if (!seen.has('config.yaml'))
      ctx.addIssue({ code: 'custom', message: 'There is no config.yaml: this is not the folder of an instance.' })
  })

/** An import, as it comes in. */
export const pocInput = z.strictObject({
  name: instanceName,
  description: z.string().max(200, 'At most 200 characters.').default(''),
  files: homeFiles,
})
export type PocInput = z.input<typeof pocInput>
