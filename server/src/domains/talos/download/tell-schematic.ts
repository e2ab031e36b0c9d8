import type { Step } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import type { AssetRef } from '../model.ts'
import type { DownloadDeps } from './world.ts'

/** The factory builds only what it was told of. */
export function tellSchematic(deps: DownloadDeps, id: string, assets: AssetRef[]): Step {
  return {
    name: 'schematic',
    title: 'Telling the image factory what to build',
    async done() {
      const there = await Promise.all(assets.map(({ url }) => deps.downloads.has(url)))
      if (there.every(Boolean)) return 'Everything it would build is here already.'
      return (await deps.factory.schematic(id)) !== undefined && 'It knows the schematic.'
    },
    async run() {
      const yaml = await deps.knownYaml(id)
      if (!yaml)
        throw new WildError(
          'NOT_FOUND',
          `The image factory does not know the schematic ${id}, and no instance says what is in it. Check the id, or describe the schematic first.`,
          { field: 'schematic_id', name: id, hint: 'wild-cli talos schematic set --extension siderolabs/iscsi-tools' },
        )
      const got = await deps.factory.upload(yaml)
      if (got !== id)
        throw new WildError(
          'CONFLICT',
          `The image factory calls this schematic ${got}, not ${id}. Take its name over: wild-cli talos schematic upload`,
          { field: 'schematic_id', schematic_id: got },
        )
    },
    async check() {
      if ((await deps.factory.schematic(id)) === undefined)
        throw new WildError('OPERATION_FAILED', `The image factory still does not know the schematic ${id}.`)
    },
    async plan() {
      return [{ kind: 'note', text: `Sends the schematic ${id.slice(0, 12)}… to the image factory` }]
    },
  }
}
