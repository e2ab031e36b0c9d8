import { writeFileSync } from 'node:fs'
import { CommandError } from '../errors.ts'
import { type Flags, known, text } from '../flags.ts'
import { build } from '../kustomize/index.ts'
import type { Session } from '../session.ts'

export const kustomizeFlags: Flags = {
  output: text('o'),
  ...known(
    'as-current-user! enable-alpha-plugins! enable-helm! env helm-api-versions helm-command helm-debug! helm-kube-version load-restrictor mount network! network-name',
  ),
}

/** `kustomize DIR`: builds a folder, without a cluster. */
export async function kustomize(session: Session): Promise<void> {
  const { args } = session.flags
  if (args.length > 1) throw new CommandError('specify one path to kustomization.yaml')
  const printed = await build(args[0] ?? '.', (warning) => session.err(`${warning}\n`))
  const file = session.flags.text('output')
  if (file === undefined) session.out(printed)
  else writeFileSync(file, printed)
}
