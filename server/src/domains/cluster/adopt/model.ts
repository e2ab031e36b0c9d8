import { z } from 'zod'
import { instanceName } from '../../../platform/names.ts'
import { homeFiles } from '../../instances/index.ts'

const text = (what: string) =>
  z
    .string()
    .min(1, `Give the text of the ${what}.`)
    .max(1024 * 1024, `A ${what} has at most 1 MB.`)

/** A cluster made by hand, or by the old scripts, as it is handed over. */
export const adoptInput = z.strictObject({
  name: instanceName,
  description: z.string().max(200, 'At most 200 characters.').default(''),
  /** Both are needed, unless the old home has them. */
  talosconfig: text('talosconfig').optional(),
  kubeconfig: text('kubeconfig').optional(),
  /** The secrets bundle, when it was kept; else it is read from a control plane. */
  secrets: text('secrets bundle').optional(),
  /** The home of the old scripts that made it: its settings and apps are taken too. */
  files: homeFiles.optional(),
  dryRun: z.boolean().default(false),
})
export type AdoptInput = z.input<typeof adoptInput>
/** The same, checked. */
export type AdoptRequest = z.output<typeof adoptInput>

/** One file of what is handed back. */
export interface HandBackFile {
  /** Relative to the folder. */
  path: string
  text: string
  /** It holds keys: mode 0600. */
  secret: boolean
}

/** The same as one file. */
export interface HandBackArchive {
  fileName: string
  /** A gzipped tar with one folder in it, in base64. */
  content: string
}
